import type { SandboxResponse } from '../system.ts';
import { choose, chosen } from './application-api.ts';
import type { Call } from './call.ts';
import type { JsonObject } from './json.ts';
import { type ApplicationEvent, runtimeOf } from './runtime.ts';
import { selectFields } from './select.ts';

/**
 * GET stream/applications: first what there is (ADDED), unless `resourceVersion` is given and no `name`, then every change.
 * One JSON document a line; with `Accept: text/event-stream` as server-sent events.
 */
export function streamApplications(call: Call): SandboxResponse {
  // Who follows a single application gets it in any case.
  const fromStart = (call.query.get('resourceVersion') ?? '') === '' || (call.query.get('name') ?? '') !== '';
  const asEvents = call.accept === 'text/event-stream';
  const write = ({ type, application }: ApplicationEvent): string => {
    const reduced = selectFields(application as unknown as JsonObject, call.query.get('fields'), 'result.application.');
    const line = JSON.stringify({ result: { type, application: reduced } });
    return asEvents ? `data: ${line}\n\n` : `${line}\n`;
  };
  return {
    status: 200,
    headers: { 'content-type': asEvents ? 'text/event-stream' : 'application/json' },
    body: (signal) => follow(call, fromStart, write, signal),
  };
}

async function* follow(
  call: Call,
  fromStart: boolean,
  write: (event: ApplicationEvent) => string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { watchers } = runtimeOf(call.state);
  const queue: string[] = [];
  const wanted = chosen(call);
  let wakeUp = (): void => undefined;
  const watcher = (event: ApplicationEvent): void => {
    if (!wanted(event.application)) return;
    queue.push(write(event));
    wakeUp();
  };
  const stop = (): void => wakeUp();
  if (fromStart) for (const application of choose(call)) queue.push(write({ type: 'ADDED', application }));
  watchers.add(watcher);
  signal.addEventListener('abort', stop);
  try {
    while (!signal.aborted) {
      for (let line = queue.shift(); line !== undefined; line = queue.shift()) yield line;
      if (signal.aborted) return;
      await new Promise<void>((resolve) => {
        wakeUp = resolve;
      });
    }
  } finally {
    watchers.delete(watcher);
    signal.removeEventListener('abort', stop);
  }
}
