import { cp } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import type { Stage } from './record-stages.ts';
import { type ServedWorld, type ServedWorldOptions, serveWorld } from './served-world.ts';

const TRIES = 60;
const PAUSE_MILLISECONDS = 500;

/**
 * A copy of how things stood right before the apply of a stage, served: `place` is where its steps run, `running` its sandbox. The world
 * goes on at its own time. `folder` must not exist; whoever opens a stage stops the world and removes the folder. It comes back under the
 * ports of the recording, since its objects hold addresses: only one copy of a recording can be open at a time.
 */
export async function openStage(stage: Pick<Stage, 'folder'>, options: Omit<ServedWorldOptions, 'world'>): Promise<ServedWorld> {
  await cp(stage.folder, options.folder, { recursive: true });
  for (let tries = 1; ; tries += 1) {
    try {
      return await serveWorld({ ...options, world: shopWorld({ services: 'small' }) });
    } catch (thrown) {
      // The system may have given the port to an outgoing connection in between, of anybody: those end soon.
      if (tries === TRIES || !String(thrown).includes('is in use')) throw thrown;
      await delay(PAUSE_MILLISECONDS);
    }
  }
}
