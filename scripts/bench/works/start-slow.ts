import { type RunningSandbox, startSandbox } from '../../../sandbox/server.ts';
import type { System } from '../../../sandbox/system.ts';
import type { World } from '../../../sandbox/world.ts';

/** Starts a sandbox that answers in real time, every request this much later. */
export async function startSlow(world: World, systems: readonly System[], latencyMs: number): Promise<RunningSandbox> {
  // On a clock as fast as ours, seconds of the sandbox are real ones, and our own rate limits hold as they will on the night.
  const running = await startSandbox({ world, scale: 1, systems });
  running.faults.add({ system: '*', operation: '*', times: 'always', effect: { delaySeconds: latencyMs / 1000 } });
  return running;
}
