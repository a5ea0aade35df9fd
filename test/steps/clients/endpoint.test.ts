import { createServer as createHttp, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net';
import { expect } from 'chai';
import { generate } from 'selfsigned';
import { connectEndpoint, type EndpointAnswer, type EndpointRequest } from '../../../steps/clients/endpoint.ts';
import { failure } from '../../failure.ts';
import { toLoopback } from '../loopback.ts';

const BALANCER = 'k8s-shop-web-0a1b.elb.eu-central-1.amazonaws.com';

describe('asking a load balancer by its own name', () => {
  const servers: Server[] = [];
  const asked: { names: string[]; host: string | undefined; url: string | undefined; sni: string }[] = [];
  let certificate: { private: string; cert: string };

  before(async () => {
    certificate = await generate([{ name: 'commonName', value: 'shop.example.com' }], {
      keyType: 'ec',
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'subjectAltName', altNames: [{ type: 2, value: 'shop.example.com' }] },
      ],
    });
  });
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
    asked.length = 0;
  });

  const looked: string[] = [];
  const note: RequestListener = (request: IncomingMessage, response) => {
    const { servername = '' } = request.socket as { servername?: string };
    asked.push({ names: looked.splice(0), host: request.headers.host, url: request.url, sni: servername });
    response.writeHead(204).end();
  };
  async function listening(server: Server): Promise<number> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }
  const ask = (request: Partial<EndpointRequest>, options: { readonly ca?: string } = {}): Promise<EndpointAnswer> =>
    connectEndpoint({ signal: new AbortController().signal, lookup: toLoopback(looked), ...options }).ask({
      address: BALANCER,
      host: 'shop.example.com',
      scheme: 'http',
      port: 80,
      path: '/health?deep=1',
      ...request,
    });

  it('connects there, and asks for the host that clients will ask for', async () => {
    const port = await listening(createHttp(note));
    expect(await ask({ port })).to.deep.equal({ status: 204 });
    expect(asked).to.deep.equal([{ names: [BALANCER], host: `shop.example.com:${port}`, url: '/health?deep=1', sni: '' }]);
  });

  it('names the host in TLS, too, and takes only a certificate for it', async () => {
    const port = await listening(createHttps({ key: certificate.private, cert: certificate.cert }, note));
    const trusting = { ca: certificate.cert };
    expect(await ask({ scheme: 'https', port }, trusting)).to.deep.equal({ status: 204 });
    expect(asked[0]).to.include({ sni: 'shop.example.com' });
    const other = await ask({ scheme: 'https', port, host: 'pay.example.com' }, trusting);
    expect(other)
      .to.have.property('problem')
      .that.matches(/^its certificate is for another name: .*pay\.example\.com/);
    expect(await ask({ scheme: 'https', port })).to.deep.equal({ problem: 'its certificate is signed by nobody we trust' });
  });

  it('says in words why there was no answer', async () => {
    const plain = await listening(createHttp(note));
    expect(await ask({ scheme: 'https', port: plain }))
      .to.have.property('problem')
      .that.matches(/TLS/);
    const closing = await listening(createTcp((socket) => socket.destroy()));
    expect(await ask({ port: closing })).to.deep.equal({ problem: 'the connection was closed without an answer' });
    const free = await listening(createTcp());
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await ask({ port: free })).to.deep.equal({ problem: 'the connection was refused' });
  });

  it('stops when it is interrupted', async () => {
    const silent = await listening(createTcp(() => controller.abort()));
    const controller = new AbortController();
    const client = connectEndpoint({ signal: controller.signal, lookup: toLoopback() });
    await failure('interrupted', client.ask({ address: BALANCER, host: 'shop.example.com', scheme: 'http', port: silent, path: '/' }));
  });
});
