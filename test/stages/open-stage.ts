import { cp } from 'node:fs/promises';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import type { Stage } from './record-stages.ts';
import { type ServedWorld, type ServedWorldOptions, serveWorld } from './served-world.ts';

/**
 * A copy of how things stood right before the apply of a stage, served: `place` is where its steps run, `running` its sandbox. The world
 * goes on at its own time. `folder` must not exist; whoever opens a stage stops the world and removes the folder.
 */
export async function openStage(stage: Pick<Stage, 'folder'>, options: Omit<ServedWorldOptions, 'world'>): Promise<ServedWorld> {
  await cp(stage.folder, options.folder, { recursive: true });
  return serveWorld({ ...options, world: shopWorld({ services: 'small' }) });
}
