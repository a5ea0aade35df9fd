import { defineCommand } from './command.ts';
import { approveOption, estateOption, logOption, parseServices, parseWaivers } from './options.ts';
import { walkAndTell } from './walk.ts';

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
    log: logOption,
  },
  async run(args, io) {
    const { status } = await walkAndTell(
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
      },
      io,
    );
    return status;
  },
});
