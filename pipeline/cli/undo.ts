import { exitStatus } from '../../steps/kit/errors.ts';
import { undoScopes } from '../../steps/kit/step.ts';
import { confirmClusterGone } from './cluster-gone.ts';
import { defineCommand } from './command.ts';
import { runIn } from './look.ts';
import { acceptOption, approveOption, estateOption, logOption, reasonOf } from './options.ts';
import { tellOrphans } from './tell-orphans.ts';
import { noArguments, walkAndTell } from './walk.ts';

export const undoCommand = defineCommand({
  name: 'undo',
  summary: 'Take back what a run did: failback, clean-up after a drill, giving up half way',
  examples: [
    ['undo --run .eks-dr/drill-20270112-093000 --approve all', 'clean up after a drill'],
    ['undo --run .eks-dr/recover-20270112-093512', 'fail back; every step shows its plan and asks'],
    ['undo --run .eks-dr/recover-20270112-093512 --scope endpoints', 'send users back first, and keep the recovered cluster for now'],
    ['undo --run .eks-dr/drill-20270112-093000 --cluster-gone', 'clean up after a cluster that somebody deleted by hand'],
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
    'cluster-gone': {
      type: 'boolean',
      default: false,
      describe: 'The new cluster answers no more: do without its help, and delete what its controllers made in AWS',
    },
    log: logOption,
  },
  async run(args, io) {
    const unhealthyPrimary = reasonOf(args['accept-unhealthy-primary']);
    const { mode } = await runIn(args.run);
    const clusterGone = args['cluster-gone'];
    const scope = args.scope === 'all' ? undefined : args.scope;
    if (clusterGone) await confirmClusterGone(args.run, args.approve, args.log, io);
    const { status } = await walkAndTell(
      {
        folder: args.run,
        estateFile: args.estate,
        run: { ...noArguments, unhealthyPrimary },
        approve: args.approve,
        direction: 'undo',
        scope,
        clusterGone,
        log: args.log,
      },
      io,
    );
    // What a preparation made was there to stay; whoever takes it back sees in the plans whether it is gone. A part of a run leaves the rest.
    if (status !== 0 || mode === 'prepare' || scope !== undefined) return status;
    // What can't be asked just now makes no undo fail that ended well: it is said, and eks-dr orphans asks again.
    const found = await tellOrphans(args.run, args.log, io);
    return found === exitStatus.unavailable ? 0 : found;
  },
});
