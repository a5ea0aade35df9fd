import { EksDrError } from '../../steps/kit/errors.ts';
import { readRun } from '../runner/folder.ts';
import { defineCommand } from './command.ts';
import { approveOption, estateOption, logOption } from './options.ts';
import { noArguments, walkAndTell } from './walk.ts';

export const undoCommand = defineCommand({
  name: 'undo',
  summary: 'Take back what a run did: failback, clean-up after a drill, giving up half way',
  examples: [
    ['undo --run .eks-dr/drill-20270112-093000 --approve all', 'clean up after a drill'],
    ['undo --run .eks-dr/recover-20270112-093512', 'fail back; every step shows its plan and asks'],
  ],
  options: {
    run: { type: 'string', requiresArg: true, demandOption: true, describe: 'The folder of the run' },
    estate: { ...estateOption, describe: 'The estate file (default: the estate as the run read it)' },
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
      { folder: args.run, estateFile: args.estate, run: noArguments, approve: args.approve, direction: 'undo', log: args.log },
      io,
    );
    return status;
  },
});
