import { readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import type { SandboxClock } from './clock.ts';
import type { World } from './world.ts';

/** The saved world; null when there is no such file. Throws when the file is not a world. */
export async function loadWorld(file: string): Promise<World | null> {
  const source = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (source === null) return null;
  const world = parse(file, source);
  if (typeof world.clock !== 'number' || typeof world.iam !== 'object') throw new Error(`${file} is not a saved sandbox world.`);
  return world;
}

function parse(file: string, source: string): World {
  try {
    return JSON.parse(source) as World;
  } catch {
    throw new Error(`${file} is not a saved sandbox world: it is not JSON.`);
  }
}

export interface WorldSaver {
  /** Saves soon; several calls in a row save once. */
  later(): void;
  /** Saves now; false when the sandbox has no world file. */
  now(): Promise<boolean>;
  stop(): void;
}

const quietTime = 200;
/** Controllers move the world on without requests. */
const heartbeat = 5000;

export function createWorldSaver(options: {
  readonly file: string | undefined;
  readonly world: World;
  readonly clock: SandboxClock;
}): WorldSaver {
  const { file, world, clock } = options;
  if (file === undefined) return { later: () => undefined, now: async () => false, stop: () => undefined };
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<unknown> = Promise.resolve();
  const write = (): Promise<void> => {
    world.clock = clock.now();
    // The private key of the listener's certificate is in it.
    return writeFileAtomic(file, JSON.stringify(world), { mode: 0o600 });
  };
  const now = async (): Promise<boolean> => {
    const mine = writing.then(write);
    writing = mine.catch(() => undefined);
    await mine;
    return true;
  };
  const report = (error: unknown): void => void process.stderr.write(`sandbox: cannot save the world: ${String(error)}\n`);
  const beat = setInterval(() => void now().catch(report), heartbeat);
  return {
    now,
    later() {
      timer ??= setTimeout(() => {
        timer = null;
        now().catch(report);
      }, quietTime);
    },
    stop() {
      clearInterval(beat);
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
}
