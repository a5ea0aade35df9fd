import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { eventually } from '../../eventually.ts';
import type { Answer, ArgoCd } from './argocd.ts';

export interface Event {
  readonly type: string;
  readonly application: Answer['body'];
}

export interface EventStream {
  /** '' until something has come: a stream is answered with its first event. */
  contentType(): string;
  /** How many events have come so far. */
  count(): number;
  /** The first event from here on that is wanted; those before it are passed over. Throws when the stream was refused. */
  next(wanted: (event: Event) => boolean): Promise<Event>;
  close(): void;
}

/** Opens `stream/applications`: JSON lines, or server-sent events where they are accepted. */
export function openStream({ url, ca, token }: ArgoCd, query: string, accept = 'application/json'): EventStream {
  const address = `${url}/api/v1/stream/applications?${query}`;
  const options = { headers: { authorization: `Bearer ${token}`, accept }, ...(ca !== undefined && { ca }) };
  const sent = address.startsWith('https:') ? tlsRequest(address, options) : plainRequest(address, options);
  const events: Event[] = [];
  let [rest, contentType, at] = ['', '', 0];
  let failure: Error | null = null;
  sent.on('error', (thrown) => {
    failure = thrown;
  });
  sent.on('response', (response) => {
    if (response.statusCode !== 200) failure = new Error(`${address}: ${response.statusCode}`);
    contentType = response.headers['content-type'] ?? '';
    response.setEncoding('utf8');
    response.on('error', () => undefined);
    response.on('data', (chunk: string) => {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      events.push(...lines.flatMap(readEvent));
    });
  });
  sent.end();
  return {
    contentType: () => contentType,
    count: () => events.length,
    async next(wanted) {
      const find = async (): Promise<number> => {
        if (failure !== null) throw failure;
        return events.findIndex((event, index) => index >= at && wanted(event));
      };
      const found = await eventually(find, (index) => index >= 0);
      at = found + 1;
      return events[found] as Event;
    },
    close: () => sent.destroy(),
  };
}

function readEvent(line: string): Event[] {
  const text = line.replace(/^data: ?/, '').trim();
  if (!text.startsWith('{')) return [];
  const { result } = JSON.parse(text) as { result?: Event };
  return result === undefined ? [] : [result];
}
