import { type FileHandle, open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as delay } from 'node:timers/promises';

const EVERY_MILLISECONDS = 50;

export interface Follower {
  /** Hands on what is still there, then ends. */
  stop(): Promise<void>;
}

/** Hands on every line that is added to a file from now on. The file must exist. */
export async function followFile(file: string, onLine: (line: string) => void): Promise<Follower> {
  const handle = await open(file, 'r');
  const lines = lineSplitter(onLine);
  const stopping = new AbortController();
  let offset = (await handle.stat()).size;

  async function readOn(): Promise<void> {
    for (let chunk = await readAt(handle, offset); chunk.length > 0; chunk = await readAt(handle, offset)) {
      offset += chunk.length;
      lines.push(chunk);
    }
  }
  async function follow(): Promise<void> {
    while (!stopping.signal.aborted) {
      await readOn();
      await delay(EVERY_MILLISECONDS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }
  const following = follow();
  return {
    async stop() {
      stopping.abort();
      await following;
      await readOn();
      lines.end();
      await handle.close();
    },
  };
}

async function readAt(handle: FileHandle, offset: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, offset);
  return buffer.subarray(0, bytesRead);
}

function lineSplitter(onLine: (line: string) => void): { push(chunk: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    push(chunk) {
      const parts = (rest + decoder.write(chunk)).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) onLine(line);
    },
    end() {
      if (rest !== '') onLine(rest);
    },
  };
}
