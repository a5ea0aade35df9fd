import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

export interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly creationTimestamp: string;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly deletionTimestamp?: string;
  readonly ownerReferences?: readonly { readonly uid: string }[];
  readonly managedFields?: readonly { readonly manager: string; readonly operation: string; readonly fieldsV1: unknown }[];
  /** Of a list. */
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** An object, a list or a Status, as far as assertions name its parts. */
export interface Body {
  readonly kind: string;
  readonly metadata: Metadata;
  readonly items: readonly Body[];
  readonly [field: string]: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The text as JSON; an empty object where it is none. */
  readonly body: Body;
}

export interface Ask {
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is a string. */
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
}

export interface WatchEvent {
  readonly type: string;
  readonly object: Body;
}

/** One API server, as whoever holds the token sees it. */
export interface KubernetesHttp {
  ask(method: string, path: string, ask?: Ask): Promise<Answer>;
  /** The events of a watch until one is as wanted, or the server ends the stream; throws after 20 s. */
  watch(path: string, query: Readonly<Record<string, string>>, enough?: (event: WatchEvent) => boolean): Promise<WatchEvent[]>;
  /** The same API with another bearer token; null: with none. */
  as(token: string | null): KubernetesHttp;
}

const LIMIT_MS = 20_000;

export interface Address {
  readonly url: string;
  /** PEM. */
  readonly ca: string;
}

export function kubernetesHttp({ url, ca }: Address, token: string | null): KubernetesHttp {
  function send(method: string, path: string, { query = {}, body, contentType, accept }: Ask): Promise<IncomingMessage> {
    const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const search = new URLSearchParams(query).toString();
    const headers: Record<string, string> = { accept: accept ?? 'application/json', 'user-agent': 'contract/1.0' };
    if (token !== null) headers.authorization = `Bearer ${token}`;
    if (payload !== undefined) {
      headers['content-type'] = contentType ?? 'application/json';
      // Without it Node sends the body of a DELETE behind the request, not in it.
      headers['content-length'] = String(Buffer.byteLength(payload));
    }
    return new Promise((resolve, reject) => {
      const sent = request(`${url}${path}${search === '' ? '' : `?${search}`}`, {
        method,
        headers,
        ca,
        signal: AbortSignal.timeout(LIMIT_MS),
      });
      sent.on('error', reject).on('response', resolve).end(payload);
    });
  }

  return {
    async ask(method, path, asked = {}) {
      const response = await send(method, path, asked);
      const received = await text(response);
      return { status: response.statusCode ?? 0, headers: response.headers, text: received, body: parsed(received) };
    },
    async watch(path, query, enough = () => false) {
      const response = await send('GET', path, { query: { watch: 'true', ...query } });
      if (response.statusCode !== 200) return [{ type: 'HTTP', object: parsed(await text(response)) }];
      const events: WatchEvent[] = [];
      for await (const line of createInterface({ input: response })) {
        const event = JSON.parse(line) as WatchEvent;
        events.push(event);
        if (enough(event)) break;
      }
      response.destroy();
      return events;
    },
    as: (other) => kubernetesHttp({ url, ca }, other),
  };
}

function parsed(received: string): Body {
  try {
    return JSON.parse(received) as Body;
  } catch {
    return {} as Body;
  }
}
