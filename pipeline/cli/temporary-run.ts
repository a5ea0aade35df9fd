import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogFormat } from '../../steps/kit/log.ts';
import type { Run } from '../../steps/kit/run.ts';
import { readRecord } from '../runner/folder.ts';
import type { CliIo } from './io.ts';
import { noArguments, walkAndTell } from './walk.ts';

export interface ReadOnlyWalk {
  readonly step: string;
  readonly estateFile: string | undefined;
  readonly mode: Run['mode'];
  readonly target: string | undefined;
  readonly log: LogFormat;
}

/** Runs a step that changes nothing, and those before it, in a folder that is removed again. `outputs`: null unless it ended ok. */
export async function runReadOnly(walk: ReadOnlyWalk, io: CliIo): Promise<{ readonly status: number; readonly outputs: unknown }> {
  return inTemporaryFolder(async (folder) => {
    const { mode, target, estateFile, step, log } = walk;
    const { status } = await walkAndTell(
      {
        folder,
        estateFile,
        run: { ...noArguments, mode, target, reason: 'read only' },
        approve: undefined,
        until: step,
        direction: 'forward',
        log,
        temporary: true,
      },
      io,
    );
    return { status, outputs: status === 0 ? ((await readRecord(folder, step))?.outputs ?? null) : null };
  });
}

/** Hands a new folder to `work` and removes it afterwards. */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'eks-dr-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
