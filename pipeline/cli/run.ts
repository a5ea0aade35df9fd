import { EksDrError } from '../../steps/kit/errors.ts';
import type { LogFormat } from '../../steps/kit/log.ts';
import type { Run } from '../../steps/kit/run.ts';
import { momentText } from '../../steps/kit/text-table.ts';
import type { OpenRun } from '../runner/open-run.ts';
import { defineCommand } from './command.ts';
import { askDrillEnd, type DrillEnd, keepDrill, parseThen, thenOption } from './drill-end.ts';
import type { CliIo } from './io.ts';
import { approveOption, estateOption, logOption, parseServices, parseWaivers } from './options.ts';
import { noArguments, walkAndTell } from './walk.ts';

export const runCommand = defineCommand({
  name: 'run',
  summary: 'Start a drill or a recovery, or continue one (--run)',
  examples: [
    ['run --mode drill --estate eks-dr.yaml', 'a drill to the default target; asks before each step that changes something'],
    ["run --mode recover --reason 'eu-west-1 is down' --incident-at 2027-01-12T09:30:00Z", 'a recovery; its clock starts at the incident'],
    ['run --run .eks-dr/recover-20270112-093512', 'continue where it stopped; what is done already asks nothing'],
    [
      'run --run .eks-dr/recover-20270112-093512 --inventory last-good',
      'the same with the archived inventory, where the live one is damaged',
    ],
    ['run --mode drill --approve all --then clean-up', 'a drill that cleans up after itself once it ended ok'],
    ['run --mode drill --until preflight', 'only the named step and what it depends on'],
  ],
  options: {
    mode: { choices: ['drill', 'recover'] as const, requiresArg: true, describe: 'A rehearsal beside production, or the real thing' },
    estate: estateOption,
    target: { type: 'string', requiresArg: true, describe: 'Where to recover to: a target of the estate (default: its defaultTarget)' },
    reason: { type: 'string', requiresArg: true, describe: 'Why; needed for a recovery' },
    'incident-at': { type: 'string', requiresArg: true, describe: 'When the primary was lost (ISO 8601; default: now)' },
    services: { type: 'string', requiresArg: true, describe: 'all, or names with commas between them (default: all)' },
    waive: { type: 'string', array: true, requiresArg: true, describe: 'SERVICE=REASON: this service may stay unhealthy' },
    approve: approveOption,
    run: { type: 'string', requiresArg: true, describe: 'The run folder (default: .eks-dr/<run id>); one that holds a run continues it' },
    inventory: {
      choices: ['live', 'last-good'] as const,
      requiresArg: true,
      describe:
        'Which inventory to go by from now on, such as the archived one where the live one is damaged (default: as the estate says)',
    },
    until: { type: 'string', requiresArg: true, describe: 'Stop after this step' },
    // biome-ignore lint/suspicious/noThenProperty: an option of the command line; its values are texts, and nobody awaits the table.
    then: thenOption,
    log: logOption,
  },
  async run(args, io) {
    const end = parseThen(args.then);
    const { opened, status } = await walkAndTell(
      {
        folder: args.run,
        estateFile: args.estate,
        inventory: args.inventory,
        run: {
          mode: args.mode,
          target: args.target,
          reason: args.reason,
          incidentAt: args['incident-at'],
          services: parseServices(args.services),
          waivers: parseWaivers(args.waive ?? [], io.user),
        },
        approve: args.approve,
        until: args.until,
        direction: 'forward',
        log: args.log,
        refuse: ({ mode }) => refuseThen(args.then, mode),
      },
      io,
    );
    if (status !== 0 || opened.run.mode !== 'drill' || args.until !== undefined) return status;
    return endDrill(opened, end, args, io);
  },
});

function refuseThen(then: string | undefined, mode: Run['mode']): void {
  if (then === undefined || mode === 'drill') return;
  throw new EksDrError('bad-usage', {
    message: '--then is for drills; a recovery stands until people send users back (undo) or keep it (promote).',
    target: '--then',
    remedy: 'Leave --then out.',
  });
}

/** What people wish to become of a drill that ended ok. Nothing is taken back, or kept beyond the usual, unasked. */
async function endDrill(
  opened: OpenRun,
  wished: DrillEnd | undefined,
  { approve, log }: { readonly approve: 'all' | undefined; readonly log: LogFormat },
  io: CliIo,
): Promise<number> {
  const { folder, estate } = opened;
  const cleanUp = `eks-dr undo --run ${folder} --approve all`;
  const end = wished ?? (await askDrillEnd(io, estate.drill.keepHours));
  if (end === undefined) {
    io.stderr.write(`The drill stands. Clean up with: ${cleanUp}\n`);
    return 0;
  }
  if (end.do === 'keep') {
    const until = await keepDrill(opened, end.hours ?? estate.drill.keepHours, io.user, Date.now());
    io.stderr.write(`The drill is kept until ${momentText(until)}. Clean up by then with: ${cleanUp}\n`);
    return 0;
  }
  const { status } = await walkAndTell({ folder, estateFile: undefined, run: noArguments, approve, direction: 'undo', log }, io);
  return status;
}
