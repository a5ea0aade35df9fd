import { undoScopes } from '../../steps/kit/step.ts';
import { defineCommand } from './command.ts';
import { refuseNoRun } from './no-run.ts';
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
    const unhealthyPrimary = reasonOf(args['accept-unhealthy-primary']);
    await refuseNoRun(args.run);
    const { status } = await walkAndTell(
      {
        folder: args.run,
        estateFile: args.estate,
        run: { ...noArguments, unhealthyPrimary },
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
