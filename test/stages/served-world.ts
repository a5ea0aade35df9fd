import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sandboxEnvironment } from '../../pipeline/cli/sandbox-environment.ts';
import { dumpWorld } from '../../sandbox/dump.ts';
import type { RunningSandbox } from '../../sandbox/server.ts';
import { startFullSandbox } from '../../sandbox/start.ts';
import { allSystems } from '../../sandbox/systems.ts';
import type { World } from '../../sandbox/world.ts';
import { type WorldDifference, worldDifferences } from '../../scripts/drill/differences.ts';
import { hiddenObjects } from './hidden-objects.ts';
import type { Place } from './step-turn.ts';

/** A sandbox in this process over a world file, and a run folder whose steps work against it. */
export interface ServedWorld {
  readonly running: RunningSandbox;
  readonly place: Place;
  /** The canonical dump, and how many objects there are that it could not tell apart. */
  dump(): unknown;
  /** Waits until nothing goes on any more, and gives the dump. */
  settled(): Promise<unknown>;
  /** What differs from a settled dump once everything has settled here too; empty as soon as nothing does. */
  differencesOnceSettled(
    wanted: unknown,
    explained?: (found: readonly WorldDifference[]) => readonly WorldDifference[],
  ): Promise<readonly WorldDifference[]>;
  /** Writes the world file. */
  save(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * How fast time runs. The remote systems may be quicker than the clock of the steps: what takes a cluster ten minutes takes the steps
 * one, while their limits, which processes need real time for, stay as generous.
 */
export interface Speed {
  readonly steps: number;
  readonly remote: number;
}

export interface ServedWorldOptions {
  /** Holds `world.json` and `run/`. */
  readonly folder: string;
  /** Taken where there is no world.json yet. */
  readonly world: World;
  readonly speed: Speed;
  /** The repository, built. */
  readonly root: string;
}

// What goes on by itself (pods that start, load balancers that go) moves something at least this often, in seconds of the sandbox.
const QUIET_SECONDS = 100;
const LONGEST_SECONDS = 3_600;
const LOOK_SECONDS = 20;

/** The estate that the worlds of the sandbox belong to. */
export function exampleFolder(root: string): string {
  return join(root, 'examples', 'shop');
}

export async function serveWorld({ folder, world, speed, root }: ServedWorldOptions): Promise<ServedWorld> {
  const running = await startFullSandbox({ world, scale: speed.remote, worldFile: join(folder, 'world.json') });
  const stepsFolder = join(root, 'dist', 'steps');
  const { control } = running.addresses;
  const clients = running.environment;
  const environment = {
    ...sandboxEnvironment({ clients, control, scale: speed.steps, stepsFolder, path: process.env.PATH }),
    EKS_DR_ESTATE_FOLDER: exampleFolder(root),
    // What a step leaves for its next start on the same machine: two worlds of one run are two machines.
    XDG_CACHE_HOME: join(folder, 'cache'),
    // Terraform looks for what it waits for more often than it would: the remote systems are quicker than its own clock.
    TF_SANDBOX_POLL_MS: '20',
  };
  // A deep copy: the dump may share parts with the world, which goes on.
  const dump = (): unknown => {
    const { world: served } = running.sandbox;
    return JSON.parse(JSON.stringify({ ...(dumpWorld(served, allSystems) as object), hidden: hiddenObjects(served) }));
  };
  const wait = (seconds: number): Promise<void> => delay((seconds * 1000) / speed.remote);

  return {
    running,
    place: { run: join(folder, 'run'), stepsFolder, environment },
    dump,
    async settled() {
      let last = dump();
      for (let waited = 0; waited < LONGEST_SECONDS; waited += QUIET_SECONDS) {
        await wait(QUIET_SECONDS);
        const now = dump();
        if (worldDifferences(last, now).length === 0) return now;
        last = now;
      }
      throw new Error(`the world did not settle within ${LONGEST_SECONDS} seconds of its own`);
    },
    async differencesOnceSettled(wanted, explained = (found) => found) {
      const look = (): readonly WorldDifference[] => explained(worldDifferences(wanted, dump()));
      for (let waited = 0; waited < LONGEST_SECONDS && look().length > 0; waited += LOOK_SECONDS) await wait(LOOK_SECONDS);
      return look();
    },
    async save() {
      await fetch(`${control}/sandbox/save`, { method: 'POST' });
    },
    stop: () => running.stop(),
  };
}
