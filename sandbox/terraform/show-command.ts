import { isSet, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { diagnosticsOf, failure } from './failure.ts';
import { readPlan, type SavedPlan } from './plan-file.ts';
import type { Settings } from './settings.ts';
import { planView, stateView } from './show.ts';
import type { State } from './state.ts';

export const show: Command = async ({ settings }, rest) => {
  const args = parseArguments(rest, { json: 'flag', 'no-color': 'flag' });
  const [file] = args.rest;
  const view = file === undefined ? stateView(await savedState(settings)) : planView((await readPlanToShow(settings.folder, file)).plan);
  process.stdout.write(`${isSet(args, 'json') ? JSON.stringify(view) : JSON.stringify(view, null, 2)}\n`);
  return 0;
};

async function readPlanToShow(folder: string, file: string): Promise<SavedPlan> {
  return readPlan(folder, file).catch((error: unknown) => {
    const reason = (diagnosticsOf(error)[0]?.detail ?? '').replace(/^Error: /, '');
    const detail = `State read error: Error reading ${file} as a statefile\n\nPlan read error: couldn't load the provided path as either a local plan file (${reason}) or a saved cloud plan`;
    throw failure('Failed to read the given file as a state or plan file', detail);
  });
}

// Only this needs the backend: to show a plan file must cost no more than reading it.
async function savedState(settings: Settings): Promise<State> {
  const [{ openBackend }, { loadOrNewState }] = await Promise.all([import('./backend.ts'), import('./remote-state.ts')]);
  return loadOrNewState(await openBackend(settings));
}
