import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { eventually } from '../eventually.ts';
import type { Answer, ArgoCd } from '../subjects/argocd/argocd.ts';
import { unique } from '../unique.ts';
import { accepted, create, FORBIDDEN, newPlace } from './things.ts';

const PATH = '/api/v1/clusters';
const UNUSED = 'Cluster has no applications and is not being monitored.';

interface Registration {
  readonly name: string;
  readonly server: string;
  readonly config: object;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
}

async function registration(argocd: ArgoCd, rest: Partial<Registration> = {}): Promise<Registration> {
  return { name: unique('cluster'), ...(await argocd.newAddress()), ...rest };
}

function register({ call }: ArgoCd, body: unknown, query = ''): Promise<Answer> {
  return call('POST', `${PATH}${query}`, { body });
}

function byName(name: string): string {
  return `${PATH}/${name}?id.type=name`;
}

function byServer(server: string): string {
  return `${PATH}/${encodeURIComponent(server)}`;
}

export const clusters: readonly Assertion<ArgoCd>[] = [
  {
    title: 'registers a cluster that it can reach, and gives back neither its credentials nor its certificate authority',
    concern: 'writes',
    async holds(argocd) {
      const wanted = await registration(argocd, { labels: { run: 'one' }, annotations: { note: 'kept' } });
      const made = accepted(await register(argocd, wanted));
      expect(made).to.deep.include({ name: wanted.name, server: wanted.server, labels: { run: 'one' }, annotations: { note: 'kept' } });
      expect(made.connectionState.status).to.equal('Successful');
      expect(made.info.serverVersion).to.match(/^v?1\.\d+/);
      expect(made.config.tlsClientConfig).to.deep.equal({ insecure: false });
      expect(made.config).to.not.have.any.keys('bearerToken', 'execProviderConfig', 'username', 'password');
    },
  },
  {
    title: 'never gives back how a plugin is called for credentials',
    concern: 'reads',
    async holds(argocd) {
      const wanted = await registration(argocd);
      accepted(await register(argocd, wanted));
      const { items } = accepted(await argocd.call('GET', PATH));
      for (const { config } of items) expect(config).to.not.have.any.keys('execProviderConfig', 'bearerToken');
    },
  },
  {
    title: 'finds a cluster by its name and by its address, %-encoded, and lists by either',
    concern: 'reads',
    async holds({ call, destination: { name, server } }) {
      const named = accepted(await call('GET', byName(name)));
      expect(named).to.include({ name, server });
      expect(accepted(await call('GET', byServer(server))).name).to.equal(name);
      for (const query of [`name=${name}`, `server=${encodeURIComponent(server)}`, `id.type=name&id.value=${name}`]) {
        const { items } = accepted(await call('GET', `${PATH}?${query}`));
        expect(items.map((item: Registration) => item.server)).to.deep.equal([server]);
      }
      expect(accepted(await call('GET', `${PATH}?name=${unique('missing')}`)).items).to.equal(null);
    },
  },
  {
    title: 'lists the cluster that it runs on, which nobody has registered',
    concern: 'reads',
    async holds({ call }) {
      const found = accepted(await call('GET', byName('in-cluster')));
      expect(found).to.include({ name: 'in-cluster', server: 'https://kubernetes.default.svc' });
      const { items } = accepted(await call('GET', PATH));
      expect(items.map(({ name }: Registration) => name)).to.include('in-cluster');
    },
  },
  {
    title: 'refuses a cluster that is not there like a forbidden one: 403 with code 7',
    concern: 'not found',
    async holds(argocd) {
      const { call } = argocd;
      const missing = unique('missing');
      const wanted = await registration(argocd, { name: missing });
      for (const path of [byName(missing), byServer(`https://${missing}.example.com`)]) {
        expect(await call('GET', path)).to.deep.equal({ status: 403, body: FORBIDDEN });
        expect(await call('DELETE', path)).to.deep.equal({ status: 403, body: FORBIDDEN });
      }
      expect(await call('PUT', byName(missing), { body: wanted })).to.deep.equal({ status: 403, body: FORBIDDEN });
    },
  },
  {
    title: 'takes an equal cluster again, and refuses another under its address with 400 and code 3 unless asked to upsert',
    concern: 'conflicts',
    async holds(argocd) {
      const wanted = await registration(argocd);
      accepted(await register(argocd, wanted));
      expect((await register(argocd, wanted)).status).to.equal(200);
      const other = { ...wanted, annotations: { note: 'other' } };
      const { status, body } = await register(argocd, other);
      expect(status).to.equal(400);
      expect(body.code).to.equal(3);
      expect(body.message).to.match(/^existing cluster spec is different; use upsert flag to force update; difference in keys "/);
      expect(accepted(await register(argocd, other, '?upsert=true')).annotations).to.deep.equal({ note: 'other' });
    },
  },
  {
    title: 'takes two addresses under one name, and an address without a name for its own name',
    concern: 'conflicts',
    async holds(argocd) {
      const first = await registration(argocd);
      const second = { ...first, ...(await argocd.newAddress()) };
      accepted(await register(argocd, first));
      accepted(await register(argocd, second));
      expect(accepted(await argocd.call('GET', byServer(first.server))).name).to.equal(first.name);
      expect(accepted(await argocd.call('GET', byServer(second.server))).name).to.equal(first.name);
      const { name: _name, ...nameless } = await registration(argocd);
      expect(accepted(await register(argocd, nameless)).name).to.equal(nameless.server);
    },
  },
  {
    title: 'refuses to register a cluster that does not answer with 500 and code 2',
    concern: 'validation',
    async holds(argocd) {
      const wanted = await registration(argocd);
      const { status, body } = await register(argocd, { ...wanted, server: 'https://127.0.0.1:1' });
      expect(status).to.equal(500);
      expect(body.code).to.equal(2);
      expect(body.message).to.match(
        /^error getting server version: failed to get server version: Get "https:\/\/127.0.0.1:1\/version\?timeout=32s"/,
      );
    },
  },
  {
    title: 'passes the refusal of a cluster that does not know the credentials on, as if it were its own: 401 with code 16',
    concern: 'authentication',
    async holds(argocd) {
      const wanted = await registration(argocd);
      const config = { bearerToken: 'nonsense', tlsClientConfig: { insecure: true } };
      const { status, body } = await register(argocd, { ...wanted, config });
      expect(status).to.equal(401);
      expect(body.code).to.equal(16);
      expect(body.message).to.match(
        /^error getting server version: failed to get server version: the server has asked for the client to provide credentials$/,
      );
    },
  },
  {
    title: 'replaces a registration by an update, or only the fields that are named',
    concern: 'writes',
    async holds(argocd) {
      const wanted = await registration(argocd, { labels: { run: 'one' }, annotations: { note: 'one' } });
      accepted(await register(argocd, wanted));
      const { labels: _labels, ...without } = wanted;
      const replaced = accepted(await argocd.call('PUT', byName(wanted.name), { body: without }));
      expect(replaced).to.not.have.property('labels');
      expect(replaced.annotations).to.deep.equal({ note: 'one' });
      const labels = { run: 'two' };
      const named = accepted(await argocd.call('PUT', `${byName(wanted.name)}&updatedFields=labels`, { body: { labels } }));
      expect(named).to.deep.include({ server: wanted.server, labels, annotations: { note: 'one' } });
    },
  },
  {
    title: 'registers a second cluster of the same name by an update that gives another address',
    concern: 'conflicts',
    source: 'https://github.com/argoproj/argo-cd/blob/v3.5.7/util/db/cluster.go#L335',
    async holds(argocd) {
      const wanted = await registration(argocd);
      accepted(await register(argocd, wanted));
      const { server } = await argocd.newAddress();
      expect(accepted(await argocd.call('PUT', byName(wanted.name), { body: { ...wanted, server } })).server).to.equal(server);
      expect(accepted(await argocd.call('GET', byServer(wanted.server))).name).to.equal(wanted.name);
      expect(accepted(await argocd.call('GET', byServer(server))).name).to.equal(wanted.name);
    },
  },
  {
    title: 'forgets a cluster by its name, under every address, or by its address alone',
    concern: 'writes',
    async holds(argocd) {
      const [first, second] = [await registration(argocd), await registration(argocd)];
      const alias = { ...first, ...(await argocd.newAddress()) };
      for (const wanted of [first, alias, second]) accepted(await register(argocd, wanted));
      expect(await argocd.call('DELETE', byName(first.name))).to.deep.equal({ status: 200, body: {} });
      expect(await argocd.call('DELETE', byServer(second.server))).to.deep.equal({ status: 200, body: {} });
      for (const { server } of [first, alias, second]) expect((await argocd.call('GET', byServer(server))).status).to.equal(403);
    },
  },
  {
    title: 'does not watch a cluster until an application is to be deployed to it',
    concern: 'consistency',
    async holds(argocd) {
      const wanted = await registration(argocd);
      accepted(await register(argocd, wanted));
      const state = async () => accepted(await argocd.call('GET', byName(wanted.name)));
      const unused = await eventually(state, ({ connectionState }) => connectionState.status === 'Unknown');
      expect(unused.connectionState.message).to.equal(UNUSED);
      expect(unused.info.applicationsCount).to.equal(0);
      const place = await newPlace(argocd);
      const destination = { name: wanted.name, namespace: place.namespace };
      accepted(await create(argocd, place.application({ destination })));
      const used = await eventually(
        state,
        ({ info, connectionState }) => info.applicationsCount === 1 && connectionState.status === 'Successful',
      );
      expect(used.connectionState.message).to.equal('');
    },
  },
];
