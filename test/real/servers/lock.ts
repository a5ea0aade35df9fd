import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs one thing at a time among all processes of this machine, and waits for whoever is at it.
 * The lock is a socket in Linux's abstract namespace: the kernel gives it up with the process, however that ends.
 */
export async function exclusively<T>(what: string, work: () => Promise<T>, say: (line: string) => void): Promise<T> {
  const address = `\0eks-dr-servers-${createHash('sha256').update(what).digest('hex').slice(0, 32)}`;
  const release = await acquire(address, say);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function acquire(address: string, say: (line: string) => void): Promise<() => Promise<void>> {
  for (let told = false; ; ) {
    const release = await attempt(address);
    if (release !== null) return release;
    if (!told) say(`waiting for process ${await holder(address)}, which is at it`);
    told = true;
    await sleep(500);
  }
}

async function attempt(address: string): Promise<(() => Promise<void>) | null> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(String(process.pid));
  });
  server.listen(address);
  try {
    await once(server, 'listening');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EADDRINUSE') return null;
    throw thrown;
  }
  return async () => {
    const closed = once(server, 'close');
    server.close();
    await closed;
  };
}

async function holder(address: string): Promise<string> {
  try {
    return (await text(connect(address))) || 'unknown';
  } catch {
    return 'that has just ended';
  }
}
