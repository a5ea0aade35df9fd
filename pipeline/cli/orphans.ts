import { EksDrError } from '../../steps/kit/errors.ts';
import { defineCommand } from './command.ts';
import { runIn } from './look.ts';
import { logOption } from './options.ts';
import { tellOrphans } from './tell-orphans.ts';

export const orphansCommand = defineCommand({
  name: 'orphans',
  summary: 'Search every system for what a run has left behind; changes nothing',
  examples: [['orphans --run .eks-dr/drill-20270112-093000', 'exit status 0: nothing is left; 28: a list of what is']],
  options: {
    run: { type: 'string', requiresArg: true, demandOption: true, describe: 'The folder of the run' },
    log: logOption,
  },
  async run(args, io) {
    const { id, mode } = await runIn(args.run);
    if (mode === 'prepare') {
      throw new EksDrError('bad-usage', {
        message: `${id} is a preparation: what it made is there to stay.`,
        target: '--run',
        remedy: 'Name the folder of a drill or a recovery; eks-dr undo takes a preparation back.',
      });
    }
    return tellOrphans(args.run, args.log, io);
  },
});
