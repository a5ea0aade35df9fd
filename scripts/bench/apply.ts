import type { Clients } from '../../steps/clients/clients.ts';
import { applyPlan } from '../../steps/kit/applying.ts';
import type { Engine } from '../../steps/kit/engine.ts';
import type { PlanItem } from '../../steps/kit/plan.ts';
import { planDescription } from '../../steps/kit/planning.ts';
import type { Description } from '../../steps/kit/resource.ts';
import { benchDrill } from './drill.ts';
import { benchEngine } from './engine.ts';
import { type Spread, spreadOf } from './spread.ts';
import type { Work } from './works/work.ts';

export interface ApplyTimes {
  /** What was made of each sort: "namespaces with a secret in each". */
  readonly title: string;
  readonly objects: number;
  readonly latencyMs: number;
  /** Milliseconds from connecting to the last change seen, as a plan is applied. */
  readonly ms: Spread;
  /** The same for the same changes, each begun when the one before was seen; once. */
  readonly oneByOneMs: number;
}

export interface ApplyOptions {
  readonly objects: number;
  readonly latencyMs: number;
  /** How often the plan is applied, each time in a fresh place. */
  readonly runs: number;
}

/** Makes an engine with connections of its own, as each process of a run has. */
type NewEngine = () => Engine<Clients>;

/**
 * Applies changes with the real engine, drivers and clients to a sandbox: one by one, and as a plan.
 * Throws when something was not applied.
 */
export async function measureApply(root: string, work: Work, options: ApplyOptions): Promise<ApplyTimes> {
  const { objects, latencyMs } = options;
  const { estate, run } = await benchDrill(root);
  const places = Array.from({ length: options.runs }, (_, index) => `engine-${index}`);
  const running = await work.start([...places, 'one-by-one'], run.id, latencyMs);
  Object.assign(process.env, running.environment);
  const engine: NewEngine = () => benchEngine(estate, run, { drivers: work.drivers });
  const describing = (place: string) => (clients: Clients) => work.describe(clients, place, run.id, objects);
  try {
    const oneByOneMs = await measure(engine, describing('one-by-one'), (items) => items.flat().map((item) => [item]));
    const ms: number[] = [];
    for (const place of places) ms.push(await measure(engine, describing(place), (items) => items));
    return { title: work.title, objects, latencyMs, ms: spreadOf(ms), oneByOneMs };
  } finally {
    await running.stop();
  }
}

async function measure(
  newEngine: NewEngine,
  describe: (clients: Clients) => Promise<Description>,
  arrange: (items: PlanItem[][]) => PlanItem[][],
): Promise<number> {
  const planning = newEngine();
  const description = await describe(planning.clients);
  const items = arrange(await planDescription(planning, description));
  const start = performance.now();
  await applyPlan(newEngine(), items);
  const ms = performance.now() - start;
  const [planned, wanted, left] = [items, description, await planDescription(planning, description)].map((list) => list.flat().length);
  if (planned !== wanted || left !== 0)
    throw new Error(`${wanted} objects were wanted, ${planned} planned; ${left} are left after applying`);
  return ms;
}
