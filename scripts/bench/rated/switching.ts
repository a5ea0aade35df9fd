import type { RunningSandbox } from '../../../sandbox/server.ts';
import { applyPlan } from '../../../steps/kit/applying.ts';
import { createClock } from '../../../steps/kit/clock.ts';
import { planDescription } from '../../../steps/kit/planning.ts';
import { isWait } from '../../../steps/kit/resource.ts';
import { benchDrill } from '../drill.ts';
import { benchEngine } from '../engine.ts';
import { leapingClock } from './leaping-clock.ts';
import { leastTime } from './least-time.ts';
import type { RatedWork } from './rated-work.ts';

/** Seconds, all of them, of the sandbox's clock. */
export interface SwitchTimes {
  readonly title: string;
  readonly objects: number;
  readonly scale: number;
  readonly changes: number;
  /** From the approved plan to the last change that is served. */
  readonly seconds: number;
  /** In which the limits allow the same. */
  readonly leastSeconds: number;
  readonly scriptSeconds: number;
  /** Requests that would have changed something but were refused for their rate; they are made again. */
  readonly refused: number;
  /** Changes that were given up. */
  readonly failed: number;
}

/** Between plan and apply somebody approves: buckets are full again by then. */
const APPROVAL_SECONDS = 120;

export interface SwitchOptions {
  readonly objects: number;
  /** In place of the work's own. */
  readonly scale?: number | undefined;
}

/** Plans and applies a switch with the real step, engine, drivers and clients. Throws when it ends without a reason to fail. */
export async function measureSwitch(root: string, work: RatedWork, { objects, scale = work.scale }: SwitchOptions): Promise<SwitchTimes> {
  const { title, drivers, waits } = work;
  const { estate, run } = await benchDrill(root);
  const place = await work.start(objects, scale);
  const { running } = place;
  try {
    Object.assign(process.env, running.environment);
    const engine = () => benchEngine(estate, run, { drivers, waits, clock: createClock(scale, Date.now()) });
    const planning = engine();
    const describe = () => place.describe(planning.clients, estate, run);
    const items = await planDescription(planning, await describe());
    running.leap(APPROVAL_SECONDS);
    running.requests.clear();
    const start = running.sandbox.clock.now();
    const thrown: unknown = await applyPlan(engine(), items).then(
      () => null,
      (reason: unknown) => reason,
    );
    const seconds = (running.sandbox.clock.now() - start) / 1000;
    const counts = new Map(running.requests.counts().map(({ operation, count }) => [operation, count]));
    const refused = running.requests.list().filter(({ status }) => status !== null && status >= 400);
    const answered = (name: string) => (counts.get(name) ?? 0) - refused.filter(({ operation }) => operation === name).length;
    const changes = items.flat().filter((item) => !isWait(item)).length;
    const failed = (await planDescription(planning, await describe())).flat().filter((item) => !isWait(item)).length;
    if (changes === 0) throw new Error(`no changes were planned for ${objects} ${title}`);
    if (thrown !== null && failed === 0) throw thrown;
    return {
      title,
      objects,
      scale,
      changes,
      seconds,
      leastSeconds: leastTime(place.stages(answered), place.limits),
      scriptSeconds: await measureScript(root, work, objects),
      refused: refused.length,
      failed,
    };
  } finally {
    await running.stop();
  }
}

/** A CLI takes longer to start. */
const REQUEST_SECONDS = 0.2;
/** Here only what the sandbox itself takes counts so often: a script waits alone, so its waits are leapt over. */
const SCRIPT_SCALE = 10;

async function measureScript(root: string, work: RatedWork, objects: number): Promise<number> {
  const { estate, run } = await benchDrill(root);
  const place = await work.start(objects, SCRIPT_SCALE);
  const { running } = place;
  const { clock } = running.sandbox;
  try {
    Object.assign(process.env, running.environment);
    const { clients } = benchEngine(estate, run, { drivers: [], clock: leapingClock(running) });
    const start = clock.now();
    await place.script(clients);
    const seconds = (clock.now() - start) / 1000;
    return seconds + REQUEST_SECONDS * requestsOf(running);
  } finally {
    await running.stop();
  }
}

function requestsOf({ requests }: RunningSandbox): number {
  return requests.counts().reduce((sum, { count }) => sum + count, 0);
}
