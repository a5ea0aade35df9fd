import { createHash } from 'node:crypto';
import { becomesReady, launch } from './launch.ts';
import type { PartName } from './part.ts';
import { isAlive, stopProcess } from './process.ts';
import { type createRecorder, withProcess } from './recorder.ts';
import type { Server, Setting } from './server.ts';

const READY_MS = 90_000;

/**
 * Brings one server to what its command says: left alone when it runs so already, started when it doesn't run,
 * started anew when its command or the port of a server that it needs is another one now.
 */
export async function startServer(
  server: Server,
  part: PartName,
  { setting, recorder, needs }: { setting: Setting; recorder: ReturnType<typeof createRecorder>; needs: readonly Server[] },
): Promise<'ran' | 'started'> {
  const command = server.command(setting);
  const addresses = needs.flatMap(({ ports }) => ports.map(setting.port));
  const digest = createHash('sha256')
    .update(JSON.stringify([command, addresses]))
    .digest('hex');
  const before = recorder.state().processes[server.name];
  const unchanged = before !== undefined && before.digest === digest && (await isAlive(before));
  if (before !== undefined && !unchanged) await stopProcess(before, server.patience ?? 10_000);
  const started = unchanged ? before : await launched();
  await becomesReady({ name: server.name, id: started, log: started.log }, () => server.ready(setting), READY_MS);
  await server.settle?.(setting);
  return unchanged ? 'ran' : 'started';

  async function launched() {
    await server.prepare?.(setting);
    const record = { ...(await launch(server.name, command, setting)), part, digest };
    await recorder.change((state) => withProcess(state, server.name, record));
    return record;
  }
}
