import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SandboxRequest, SandboxResponse } from './system.ts';
import type { TlsMaterial } from './tls.ts';

/** An answer, or `cut`: the socket is closed without one, or `hang`: it stays open without one. */
export type Answer = SandboxResponse | 'cut' | 'hang';

export interface Listener {
  readonly port: number;
  /** Ends open streams and sockets; resolves when the port is free. */
  close(): Promise<void>;
}

const maximumBody = 64 * 1024 * 1024;

async function readBody(message: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    size += (chunk as Buffer).length;
    if (size > maximumBody) return null;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function toRequest(message: IncomingMessage, body: Buffer): SandboxRequest {
  const url = message.url ?? '/';
  const mark = url.indexOf('?');
  return {
    method: message.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    headers: message.headers,
    body,
  };
}

async function writeStream(
  response: ServerResponse,
  body: (signal: AbortSignal) => AsyncIterable<string>,
  stop: AbortSignal,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, stop]);
  response.flushHeaders();
  for await (const chunk of body(signal)) {
    if (signal.aborted) break;
    if (!response.write(chunk)) await new Promise<void>((resolve) => response.once('drain', resolve).once('close', resolve));
  }
  response.end();
}

async function write(response: ServerResponse, method: string, answer: SandboxResponse, stop: AbortSignal): Promise<void> {
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if (typeof answer.body === 'function') return writeStream(response, answer.body, stop);
  const body = Buffer.from(answer.body ?? '');
  if (!response.hasHeader('content-length') && answer.status !== 204 && answer.status !== 304)
    response.setHeader('content-length', body.length);
  response.end(method === 'HEAD' ? undefined : body);
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        taken ? new Error(`Port ${port} on 127.0.0.1 is in use. Stop what uses it (another sandbox?) or choose another port.`) : error,
      );
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** Serves on loopback. `handle` must not throw; what it throws all the same ends the socket and goes to stderr. */
export async function listen(options: {
  readonly port: number;
  readonly tls?: TlsMaterial;
  readonly handle: (request: SandboxRequest) => Promise<Answer>;
}): Promise<Listener> {
  const { tls, handle } = options;
  const stop = new AbortController();
  const respond = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(message);
    if (body === null) return void response.writeHead(413).end();
    const request = toRequest(message, body);
    const answer = await handle(request);
    if (answer === 'hang') return;
    if (answer === 'cut') return void response.destroy();
    await write(response, request.method, answer, stop.signal);
  };
  const onRequest: RequestListener = (message, response) => {
    respond(message, response).catch((error: unknown) => {
      // A client that hangs up in the middle is its own business.
      if (!message.destroyed && !response.destroyed) process.stderr.write(`sandbox: ${String((error as Error).stack ?? error)}\n`);
      response.destroy();
    });
  };
  const server = tls ? createTlsServer({ key: tls.key, cert: `${tls.cert}\n${tls.ca}` }, onRequest) : createServer(onRequest);
  server.keepAliveTimeout = 60_000;
  const port = await listenOn(server, options.port);
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      stop.abort();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port, close };
}
