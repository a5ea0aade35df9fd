import { cp } from 'node:fs/promises';
import { basename } from 'node:path';
import { LOCK_FILE } from '../runner/lock.ts';
import type { StepResult } from '../runner/run.ts';
import { defineCommand } from './command.ts';
import type { CliIo } from './io.ts';
import { runIn } from './look.ts';
import { estateOption, logOption } from './options.ts';
import { inTemporaryFolder } from './temporary-run.ts';
import { noArguments, walkAndTell } from './walk.ts';

export const planCommand = defineCommand({
  name: 'plan',
  summary: 'Show what a run would change, as far as it can be known now; changes nothing',
  examples: [
    ['plan --mode recover', 'everything that can be planned from here, in full'],
    ['plan --run .eks-dr/recover-20270112-093512', 'what is left of a run that stopped'],
  ],
  options: {
    estate: estateOption,
    mode: { choices: ['drill', 'recover', 'prepare'] as const, requiresArg: true, describe: 'What to plan; not needed with --run' },
    target: { type: 'string', requiresArg: true, describe: 'A target of the estate (default: its defaultTarget)' },
    run: { type: 'string', requiresArg: true, describe: 'The folder of a run; it is read, not changed' },
    log: logOption,
  },
  async run(args, io) {
    if (args.run !== undefined) await runIn(args.run);
    return inTemporaryFolder(async (folder) => {
      // The plans of a look ahead have no place among those that may be approved.
      if (args.run !== undefined) await cp(args.run, folder, { recursive: true, filter: (path) => basename(path) !== LOCK_FILE });
      const { mode, target, estate: estateFile, log } = args;
      const run = { ...noArguments, mode, target, reason: args.run === undefined ? 'plan' : undefined };
      const { results, status } = await walkAndTell(
        { folder, estateFile, run, approve: undefined, direction: 'forward', planOnly: true, log, temporary: true },
        io,
      );
      tellUnknown(results, io);
      return status;
    });
  },
});

function tellUnknown(results: readonly StepResult[], io: CliIo): void {
  const unknown = results.filter(({ status }) => status === 'not-started').map(({ step }) => step);
  if (unknown.length === 0 || !results.some(({ status }) => status === 'planned')) return;
  io.stderr.write(`Not known yet, because they build on what the planned steps make: ${unknown.join(', ')}.\n`);
}
