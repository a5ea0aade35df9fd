import { once } from 'node:events';
import { createServer, request as plainRequest } from 'node:http';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';

/**
 * A server with a certificate authority of its own, without TLS: `fetch` takes no authority but those that the process was started with.
 * Everything else is passed on as it is.
 */
export async function plainAddress(url: string, ca: string | undefined): Promise<{ readonly url: string; close(): Promise<void> }> {
  const agent = new Agent({ keepAlive: true, ...(ca !== undefined && { ca }) });
  const server = createServer((asked, answer) => {
    const options = { method: asked.method, headers: asked.headers };
    const address = new URL(asked.url ?? '/', url);
    const sent = url.startsWith('https:') ? request(address, { ...options, agent }) : plainRequest(address, options);
    sent.on('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    sent.on('error', () => answer.destroy());
    asked.pipe(sent);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      agent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
