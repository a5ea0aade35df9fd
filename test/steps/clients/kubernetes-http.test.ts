import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createTls } from '../../../sandbox/tls.ts';
import { connectHttp, type SendToKubernetes } from '../../../steps/clients/kubernetes-http.ts';
import { createClock } from '../../../steps/kit/clock.ts';
import { createRateLimiter } from '../../../steps/kit/rate-limit.ts';
import { failure } from '../../failure.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const clock = createClock(100, Date.now());
const answers =
  (status: number, body: string): Answer =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(body);
const status = (code: number, reason: string, message: string): Answer =>
  answers(code, JSON.stringify({ kind: 'Status', code, reason, message }));
const cut: Answer = (request) => request.socket.destroy();

describe('requests to a Kubernetes API', () => {
  let server: Server;
  let ca = '';
  let next: Answer[] = [];
  let seen: IncomingMessage[] = [];

  before(async () => {
    const tls = await createTls();
    ca = tls.ca;
    server = createServer({ cert: tls.cert, key: tls.key }, (request, response) => {
      seen.push(request);
      request.resume();
      request.on('end', () => (next.shift() ?? answers(200, '{"kind":"Fine"}'))(request, response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  beforeEach(() => {
    next = [];
    seen = [];
  });

  function connect(trusted = ca): Promise<SendToKubernetes> {
    return connectHttp({
      endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}/clusters/x`,
      ca: trusted,
      token: async () => 'k8s-aws-v1.token',
      clock,
      signal: new AbortController().signal,
      limiter: createRateLimiter(clock, { perSecond: 1000, burst: 1000 }),
    });
  }

  it('carry the token and keep the path under the endpoint', async () => {
    const send = await connect();
    expect(await send({ method: 'GET', path: '/api/v1/Nodes', query: { limit: '5', continue: undefined } })).to.deep.equal({
      kind: 'Fine',
    });
    expect(seen[0]?.url).to.equal('/clusters/x/api/v1/Nodes?limit=5');
    expect(seen[0]?.headers.authorization).to.equal('Bearer k8s-aws-v1.token');
  });

  it('keep one connection for several requests', async () => {
    const send = await connect();
    for (let index = 0; index < 3; index += 1) await send({ method: 'GET', path: '/api' });
    expect(new Set(seen.map(({ socket }) => socket.remotePort)).size).to.equal(1);
  });

  it('refuse a server that the CA of the cluster has not signed', async () => {
    const send = await connect((await createTls()).ca);
    const error = await failure('remote-unavailable', send({ method: 'POST', path: '/api' }));
    expect(error.message).to.match(/certificate|signature/i);
    expect(seen).to.deep.equal([]);
  });

  it('are repeated after a cut connection, 429 and 5xx', async () => {
    next = [cut, status(429, 'TooManyRequests', 'slow down'), status(503, 'ServiceUnavailable', 'soon')];
    expect(await (await connect())({ method: 'GET', path: '/api' })).to.deep.equal({ kind: 'Fine' });
    expect(seen).to.have.length(4);
  });

  it('are not repeated when they are a POST', async () => {
    next = [cut];
    await failure('remote-unavailable', (await connect())({ method: 'POST', path: '/api', body: {} }));
    expect(seen).to.have.length(1);
  });

  it('answer null where nothing is', async () => {
    next = [status(404, 'NotFound', 'namespaces "x" not found'), answers(404, '404 page not found')];
    const send = await connect();
    expect(await send({ method: 'GET', path: '/api' })).to.equal(null);
    expect(await send({ method: 'GET', path: '/apis/unknown.example.com/v1' })).to.equal(null);
  });

  it('try a refused login again, since access takes seconds to spread', async () => {
    next = Array.from({ length: 3 }, () => status(401, 'Unauthorized', 'Unauthorized'));
    expect(await (await connect())({ method: 'POST', path: '/api', body: {} })).to.deep.equal({ kind: 'Fine' });
  });

  it('call a login that stays refused a matter of credentials', async () => {
    next = Array.from({ length: 4 }, () => status(401, 'Unauthorized', 'Unauthorized'));
    const error = await failure('login-refused', (await connect())({ method: 'GET', path: '/api' }));
    expect(error.category).to.equal('permission');
    expect(error.remedy).to.contain('Renew the AWS credentials').and.contain('access entry');
  });

  it('tell refusals apart', async () => {
    const send = await connect();
    next = [status(403, 'Forbidden', 'namespaces is forbidden: User "x" cannot list resource')];
    expect((await failure('permission-denied', send({ method: 'GET', path: '/api' }))).message).to.contain('cannot list');
    next = [status(409, 'Conflict', 'Apply failed with 1 conflict: conflict with "kubectl" using v1: .metadata.labels.team')];
    expect((await failure('conflict', send({ method: 'PATCH', path: '/api', body: {} }))).message)
      .to.contain('kubectl')
      .and.contain('.metadata.labels.team');
    next = [status(422, 'Invalid', 'metadata.name: Invalid value')];
    await failure('remote-refused', send({ method: 'POST', path: '/api', body: {} }));
  });

  it('call an object that its type does not allow refused, though the server calls it an error of its own, and do not try again', async () => {
    const message =
      'failed to create typed patch object (shop/cart; apps/v1, Kind=Deployment): .spec.replicaz: field not declared in schema';
    next = [status(500, '', message)];
    const send = await connect();
    expect((await failure('remote-refused', send({ method: 'PATCH', path: '/api', body: {} }))).message).to.contain('.spec.replicaz');
    expect(seen).to.have.length(1);
  });

  it('say which pods must be Ready when the API server can’t call a webhook', async () => {
    const uncalled =
      'failed calling webhook "mservice.elbv2.k8s.aws": failed to call webhook: Post "https://webhook.kube-system.svc:443/m"';
    const message = `Internal error occurred: ${uncalled}: no endpoints available for service "webhook"`;
    next = [status(500, 'InternalError', message)];
    const error = await failure('remote-unavailable', (await connect())({ method: 'POST', path: '/api', body: {} }));
    expect(error.message).to.contain('no endpoints available');
    expect(error.remedy)
      .to.match(/^Wait until a pod behind the service webhook in kube-system is Ready/)
      .and.contain('mservice.elbv2.k8s.aws');
  });

  it('call a namespace that is being deleted a conflict, not a missing permission', async () => {
    const body = {
      kind: 'Status',
      reason: 'Forbidden',
      message: 'being terminated',
      details: { causes: [{ reason: 'NamespaceTerminating' }] },
    };
    next = [answers(403, JSON.stringify(body))];
    await failure('conflict', (await connect())({ method: 'POST', path: '/api', body: {} }));
  });

  it('call anything but JSON an invalid answer', async () => {
    next = [answers(200, '<html>proxy</html>'), answers(400, '<html>proxy</html>'), answers(404, '<html>proxy</html>')];
    const send = await connect();
    await failure('remote-answer-invalid', send({ method: 'GET', path: '/api' }));
    await failure('remote-answer-invalid', send({ method: 'GET', path: '/api' }));
    await failure('remote-answer-invalid', send({ method: 'GET', path: '/api' }));
  });
});
