import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { durationOf, isSet, lastOf, lockFlags, parseArguments } from './arguments.ts';
import { openBackend } from './backend.ts';
import type { Command } from './command.ts';
import { bareFailure, type Diagnostic, failure } from './failure.ts';
import { releaseLock, takeLock } from './lock.ts';
import { loadState, saveState } from './remote-state.ts';
import { instancesOf, newState, parseState, serializeState } from './state.ts';

function print(value: unknown): void {
  process.stdout.write(`${typeof value === 'string' ? value : JSON.stringify(value)}\n`);
}

const noOutputs: Diagnostic = {
  severity: 'warning',
  summary: 'No outputs found',
  detail: 'The state file either has no outputs defined, or all the defined outputs are empty.',
};

export const output: Command = async ({ settings, output: out }, rest) => {
  const args = parseArguments(rest, { json: 'flag', raw: 'flag', 'no-color': 'flag' });
  const state = (await loadState(await openBackend(settings))) ?? newState();
  const [name] = args.rest;
  if (Object.keys(state.outputs).length === 0 && !isSet(args, 'json')) {
    out.diagnostics([noOutputs]);
    return 0;
  }
  if (name === undefined) {
    const all = Object.entries(state.outputs).map(([key, { value, type }]) => [key, { sensitive: false, type, value }]);
    print(
      isSet(args, 'json')
        ? JSON.stringify(Object.fromEntries(all), null, 2)
        : all.map(([key, each]) => `${key} = ${JSON.stringify((each as { value: unknown }).value)}`).join('\n'),
    );
    return 0;
  }
  const found = state.outputs[name];
  if (!found)
    throw failure(
      `Output "${name}" not found`,
      'The output variable requested could not be found in the state file. If you recently added this to your configuration, be sure to run `terraform apply`.',
    );
  if (isSet(args, 'raw')) process.stdout.write(String(found.value));
  else print(JSON.stringify(found.value));
  return 0;
};

const pull: Command = async ({ settings }) => {
  const state = (await loadState(await openBackend(settings))) ?? { ...newState(), lineage: '' };
  print(serializeState(state));
  return 0;
};

const list: Command = async ({ settings }) => {
  const state = await loadState(await openBackend(settings));
  if (state === null)
    throw bareFailure(
      'No state file was found!\n\nState management commands require a state file. Run this command\nin a directory where Terraform has been run or use the -state flag\nto point the command to a specific state location.',
    );
  for (const address of instancesOf(state).keys()) print(address);
  return 0;
};

const push: Command = async ({ settings }, rest) => {
  const args = parseArguments(rest, { ...lockFlags, force: 'flag', 'no-color': 'flag' });
  const [file] = args.rest;
  if (file === undefined) throw failure('Exactly one argument expected.');
  const backend = await openBackend(settings);
  const given = parseState(await readFile(resolve(settings.folder, file), 'utf8'));
  const release = isSet(args, 'lock', true)
    ? await takeLock(settings, backend, 'state-push', durationOf(lastOf(args, 'lock-timeout') ?? '0s'))
    : null;
  try {
    const current = await loadState(backend);
    if (current !== null && !isSet(args, 'force')) {
      if (current.lineage !== given.lineage)
        throw failure(
          'Failed to write state: cannot import state with lineage different from the one stored',
          `"${given.lineage}" over unrelated state with lineage "${current.lineage}"`,
        );
      if (current.serial > given.serial)
        throw failure(
          `Failed to write state: cannot import state with serial ${given.serial} over newer state with serial ${current.serial}`,
        );
    }
    // A pushed state keeps its serial.
    given.serial -= 1;
    await saveState(backend, given);
  } finally {
    await release?.();
  }
  return 0;
};

const subcommands: Readonly<Record<string, Command>> = { pull, push, list };

export const state: Command = async (context, [name = '', ...rest]) => {
  const subcommand = subcommands[name];
  if (!subcommand) throw failure(`This program has no command "state ${name}"`, `It has: ${Object.keys(subcommands).join(', ')}.`);
  return subcommand(context, rest);
};

export const forceUnlock: Command = async ({ settings }, rest) => {
  const args = parseArguments(rest, { force: 'flag', 'no-color': 'flag' });
  const [id, ...more] = args.rest;
  if (id === undefined || more.length > 0) throw failure('Expected a single argument: LOCK_ID');
  if (!isSet(args, 'force')) throw failure('force-unlock cancelled.', 'This program asks nobody: give -force.');
  await releaseLock(await openBackend(settings), id);
  print('Terraform state has been successfully unlocked!');
  return 0;
};
