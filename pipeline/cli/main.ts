import yargs, { type Argv } from 'yargs';
import { asEksDrError, EksDrError, exitStatus } from '../../steps/kit/errors.ts';
import { addonsCommand } from './addons.ts';
import type { AnyCommand } from './command.ts';
import { generateCommand } from './generate.ts';
import { inventoryCommand } from './inventory.ts';
import type { CliIo } from './io.ts';
import { orphansCommand } from './orphans.ts';
import { planCommand } from './plan.ts';
import { preflightCommand } from './preflight.ts';
import { prepareCommand } from './prepare.ts';
import { promoteCommand } from './promote.ts';
import { runCommand } from './run.ts';
import { sandboxCommand } from './sandbox.ts';
import { schemaCommand } from './schema.ts';
import { undoCommand } from './undo.ts';
import { usageMessage, usageRemedy } from './usage-message.ts';

const commands: readonly AnyCommand[] = [
  runCommand,
  undoCommand,
  promoteCommand,
  orphansCommand,
  planCommand,
  preflightCommand,
  prepareCommand,
  inventoryCommand,
  addonsCommand,
  generateCommand,
  schemaCommand,
  sandboxCommand,
];

const EXIT_STATUSES = [
  'Exit status: 0 ok; 2 wrong usage; 20 invalid input; 21 stale or missing record; 22 drift; 23 permission;',
  '24 conflict; 25 unavailable (a retry may help); 26 timed out; 27 refused by the drill guard; 28 unhealthy;',
  '29 interrupted; 1 a bug of ours. What to do about each error: docs/errors.md.',
].join('\n');

/** The whole command line: arguments in, an exit status out. Errors are printed, never thrown. */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  try {
    return await execute(args, io);
  } catch (thrown) {
    const error = asEksDrError(thrown);
    io.stderr.write(errorText(error));
    return exitStatus[error.category];
  }
}

/** An error for a person: what, then what to do. A bug of ours comes with where it was. */
export function errorText(error: EksDrError): string {
  const cause = error.category === 'bug' && error.cause instanceof Error ? `${error.cause.stack ?? ''}\n` : '';
  const lines = [error, ...error.also].map(({ message, remedy }) => `eks-dr: ${message}\n  -> ${remedy}\n`);
  return lines.join('') + cause;
}

async function execute(args: readonly string[], io: CliIo): Promise<number> {
  let status: Promise<number> | undefined;
  let parser: Argv = yargs([...args])
    .scriptName('eks-dr')
    .usage('$0 <command> [options]\n\nDisaster recovery for an Amazon EKS platform; plan, approve, apply, and a way back.')
    .version(io.version)
    .help()
    .alias('help', 'h')
    .parserConfiguration({ 'duplicate-arguments-array': false, 'boolean-negation': false, 'parse-numbers': false })
    .strict()
    .demandCommand(1, 1, `Name a command: ${commands.map(({ name }) => name).join(', ')}.`, 'One command at a time.')
    .recommendCommands()
    .exitProcess(false)
    .epilogue(EXIT_STATUSES)
    .wrap(110);
  for (const command of commands) {
    parser = command.addTo(parser, io, (promise) => {
      status = promise;
    });
  }
  parser.fail((message: string | undefined, thrown: Error | undefined) => {
    if (thrown instanceof EksDrError) throw thrown;
    const text = usageMessage(message ?? thrown?.message ?? 'Wrong usage.', args, commands);
    throw new EksDrError('bad-usage', { message: text, remedy: usageRemedy(args, commands), cause: thrown });
  });
  let printed = '';
  await parser.parseAsync([...args], {}, (_error, _parsed, output) => {
    printed = output;
  });
  if (printed !== '') io.stdout.write(`${printed}\n`);
  return (await status) ?? 0;
}
