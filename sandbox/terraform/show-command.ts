import { resolve } from 'node:path';
import { isSet, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { readPlan } from './plan-file.ts';
import type { Settings } from './settings.ts';
import { planView, stateView } from './show.ts';
import type { State } from './state.ts';

export const show: Command = async ({ settings }, rest) => {
  const args = parseArguments(rest, { json: 'flag', 'no-color': 'flag' });
  const [file] = args.rest;
  const view = file === undefined ? stateView(await savedState(settings)) : planView((await readPlan(resolve(settings.folder, file))).plan);
  process.stdout.write(`${isSet(args, 'json') ? JSON.stringify(view) : JSON.stringify(view, null, 2)}\n`);
  return 0;
};

// Only this needs the backend: to show a plan file must cost no more than reading it.
async function savedState(settings: Settings): Promise<State> {
  const [{ openBackend }, { loadOrNewState }] = await Promise.all([import('./backend.ts'), import('./remote-state.ts')]);
  return loadOrNewState(await openBackend(settings));
}
