import { EksDrError } from '../../steps/kit/errors.ts';
import { undoScopes } from '../../steps/kit/step.ts';
import { readRun } from '../runner/folder.ts';
import { defineCommand } from './command.ts';
import { acceptOption, approveOption, estateOption, logOption, reasonOf } from './options.ts';
import { noArguments, walkAndTell } from './walk.ts';

export const undoCommand = defineCommand({
  name: 'undo',
  summary: 'Take back what a run did: failback, clean-up after a drill, giving up half way',
  examples: [
    ['undo --run .eks-dr/drill-20270112-093000 --approve all', 'clean up after a drill'],
    ['undo --run .eks-dr/recover-20270112-093512', 'fail back; every step shows its plan and asks'],
    ['undo --run .eks-dr/recover-20270112-093512 --scope endpoints', 'send users back first, and keep the recovered cluster for now'],
  ],
  options: {
    run: { type: 'string', requiresArg: true, demandOption: true, describe: 'The folder of the run' },
    estate: { ...estateOption, describe: 'The estate file (default: the estate as the run read it)' },
    scope: {
      choices: [...undoScopes, 'all'] as const,
      requiresArg: true,
      default: 'all' as const,
      describe: 'endpoints: only send users back, and keep the recovered cluster; all: take back everything',
    },
    'accept-unhealthy-primary': acceptOption,
    approve: approveOption,
    log: logOption,
  },
  async run(args, io) {
    if ((await readRun(args.run)) === undefined) {
      throw new EksDrError('bad-usage', {
        message: `${args.run} holds no run (no run.json).`,
        target: '--run',
        remedy: 'Name the folder of a run, such as .eks-dr/<run id>.',
      });
    }
    const { status } = await walkAndTell(
      {
        folder: args.run,
        estateFile: args.estate,
        run: { ...noArguments, unhealthyPrimary: reasonOf(args['accept-unhealthy-primary']) },
        approve: args.approve,
        direction: 'undo',
        scope: args.scope === 'all' ? undefined : args.scope,
        log: args.log,
      },
      io,
    );
    return status;
  },
});
