import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { eventually } from '../eventually.ts';
import type { ArgoCd } from '../subjects/argocd/argocd.ts';
import { unique } from '../unique.ts';
import { accepted, create, deployment, FORBIDDEN, get, isHealthy, newApplication, newPlace, sync } from './things.ts';

interface Item {
  readonly metadata: { readonly name: string };
}

async function namesOf({ call }: ArgoCd, query: string): Promise<string[]> {
  const { items } = accepted(await call('GET', `/api/v1/applications?${query}`));
  return ((items ?? []) as Item[]).map(({ metadata }) => metadata.name);
}

export const reads: readonly Assertion<ArgoCd>[] = [
  {
    title: 'refuses an application that is not there like a forbidden one: 403 with code 7',
    concern: 'not found',
    async holds(argocd) {
      const name = unique('missing');
      const answers = [
        await get(argocd, name),
        await argocd.call('PUT', `/api/v1/applications/${name}`, { body: { metadata: { name }, spec: {} } }),
        await argocd.call('PATCH', `/api/v1/applications/${name}`, { body: { patch: '{}', patchType: 'merge' } }),
        await argocd.call('DELETE', `/api/v1/applications/${name}`),
        await sync(argocd, name),
        await get(argocd, `${name}/resource-tree`),
        await get(argocd, `${name}/managed-resources`),
      ];
      for (const answer of answers) expect(answer).to.deep.equal({ status: 403, body: FORBIDDEN });
    },
  },
  {
    title: 'says that an application is not found, 404 with code 5, to who names the project in which it would be',
    concern: 'not found',
    async holds(argocd) {
      const missing = unique('missing');
      const { status, body } = await get(argocd, missing, '?project=default');
      expect(status).to.equal(404);
      expect(body).to.include({ code: 5, message: `applications.argoproj.io "${missing}" not found` });
      const { name } = await newApplication(argocd);
      expect((await get(argocd, name, '?project=default')).status).to.equal(200);
      expect((await get(argocd, name, '?project=another')).body.code).to.equal(5);
    },
  },
  {
    title: 'lists applications by name, repository, project and label, and none as null',
    concern: 'reads',
    async holds(argocd) {
      const label = unique('run');
      const first = await newApplication(argocd, { metadata: { labels: { run: label, tier: 'one' } } });
      const second = await newApplication(argocd, { metadata: { labels: { run: label, tier: 'two' } } });
      const both = [first.name, second.name].sort();
      const selected = (selector: string): Promise<string[]> =>
        namesOf(argocd, `selector=${encodeURIComponent(`run=${label},${selector}`)}`);
      expect(await namesOf(argocd, `selector=run%3D${label}`)).to.deep.equal(both);
      expect(await selected('tier in (one,three)')).to.deep.equal([first.name]);
      expect(await selected('tier notin (one)')).to.deep.equal([second.name]);
      expect(await selected('tier!=one')).to.deep.equal([second.name]);
      expect(await selected('!tier')).to.deep.equal([]);
      expect(await namesOf(argocd, `name=${first.name}`)).to.deep.equal([first.name]);
      expect(await namesOf(argocd, `repo=${encodeURIComponent(first.repository.url)}`)).to.deep.equal([first.name]);
      expect(await namesOf(argocd, `selector=run%3D${label}&projects=default&projects=another`)).to.deep.equal(both);
      expect(await namesOf(argocd, `selector=run%3D${label}&projects=another`)).to.deep.equal([]);
      expect((await argocd.call('GET', `/api/v1/applications?name=${unique('missing')}`)).body.items).to.equal(null);
    },
  },
  {
    title: 'refuses a label selector that it can’t read with 500 and code 2',
    concern: 'validation',
    async holds({ call }) {
      const { status, body } = await call('GET', `/api/v1/applications?selector=${encodeURIComponent('a in (')}`);
      expect(status).to.equal(500);
      expect(body.code).to.equal(2);
      expect(body.message).to.match(/^error parsing the selector: unable to parse requirement/);
    },
  },
  {
    title: 'reduces a list to the fields that are named, and passes over names that it doesn’t know',
    concern: 'reads',
    async holds(argocd) {
      const { name } = await newApplication(argocd);
      await eventually(
        () => get(argocd, name),
        ({ body }) => body.status.health?.status === 'Missing',
      );
      const fields = 'items.metadata.name,items.status.health,items.status.health.status.more,items.nothing';
      const { items } = accepted(await argocd.call('GET', `/api/v1/applications?name=${name}&fields=${fields}`));
      expect(items).to.have.length(1);
      expect(Object.keys(items[0]).sort()).to.deep.equal(['metadata', 'status']);
      expect(items[0].metadata).to.deep.equal({ name });
      expect(Object.keys(items[0].status)).to.deep.equal(['health']);
      expect(items[0].status.health.status).to.equal('Missing');
    },
  },
  {
    title: 'shows an application that is not deployed as OutOfSync and Missing, each object by its place',
    concern: 'reads',
    async holds(argocd) {
      const { name, namespace } = await newApplication(argocd);
      const { body } = await eventually(
        () => get(argocd, name),
        (answer) => answer.body.status.sync?.status === 'OutOfSync',
      );
      expect(body.status.health.status).to.equal('Missing');
      const [resource, ...others] = body.status.resources;
      expect(others).to.deep.equal([]);
      expect(resource).to.deep.include({ version: 'v1', kind: 'ConfigMap', namespace, name: 'one', status: 'OutOfSync' });
      expect(body.status).to.include({ sourceType: 'Directory', resourceHealthSource: 'appTree' });
      expect(body.status.sync.revision).to.match(/^[0-9a-f]{40}$/);
    },
  },
  {
    title: 'shows what came of an application as a tree, down to its pods',
    concern: 'reads',
    async holds(argocd) {
      const { name, namespace } = await newApplication(argocd, { files: { 'app/web.yaml': deployment('web') } });
      accepted(await sync(argocd, name));
      await eventually(() => get(argocd, name), isHealthy);
      interface Node {
        readonly kind: string;
        readonly parentRefs?: readonly { readonly kind: string }[];
        readonly health?: { readonly status: string };
        readonly info?: readonly object[];
      }
      const { body } = await eventually(
        () => get(argocd, `${name}/resource-tree`),
        (answer) => (answer.body.nodes as Node[]).every(({ health }) => health === undefined || health.status === 'Healthy'),
      );
      const nodes = body.nodes as Node[];
      const of = (wanted: string): Node | undefined => nodes.find(({ kind }) => kind === wanted);
      expect(nodes.map(({ kind }) => kind).sort()).to.deep.equal(['Deployment', 'Pod', 'ReplicaSet']);
      expect(of('Deployment')).to.include({ group: 'apps', version: 'v1', name: 'web', namespace });
      expect(of('Deployment')?.parentRefs).to.equal(undefined);
      expect(of('ReplicaSet')?.parentRefs?.[0]).to.include({ group: 'apps', kind: 'Deployment', name: 'web' });
      expect(of('Pod')?.parentRefs?.[0]?.kind).to.equal('ReplicaSet');
      expect(of('Pod')?.health?.status).to.equal('Healthy');
      expect(of('Pod')?.info).to.deep.include({ name: 'Status Reason', value: 'Running' });
    },
  },
  {
    title: 'shows in the tree what is to be deployed and isn’t there as Missing',
    concern: 'reads',
    async holds(argocd) {
      const { name, namespace } = await newApplication(argocd);
      const { body } = await eventually(
        () => get(argocd, `${name}/resource-tree`),
        (answer) => answer.status === 200 && (answer.body.nodes ?? []).length > 0,
      );
      expect(body.nodes).to.deep.equal([{ version: 'v1', kind: 'ConfigMap', namespace, name: 'one', health: { status: 'Missing' } }]);
    },
  },
  {
    title: 'gives wanted and live state of each object as JSON text',
    concern: 'reads',
    async holds(argocd) {
      const { name, namespace } = await newApplication(argocd);
      const before = await eventually(
        () => get(argocd, `${name}/managed-resources`),
        (answer) => answer.status === 200 && (answer.body.items ?? []).length > 0,
      );
      expect(before.body.items[0]).to.include({ kind: 'ConfigMap', namespace, name: 'one', liveState: 'null', modified: true });
      const target = JSON.parse(before.body.items[0].targetState);
      expect(target.metadata.annotations).to.deep.equal({ 'argocd.argoproj.io/tracking-id': `${name}:/ConfigMap:${namespace}/one` });
      accepted(await sync(argocd, name));
      const after = await eventually(
        () => get(argocd, `${name}/managed-resources`),
        (answer) => answer.body.items[0].liveState !== 'null',
      );
      const live = JSON.parse(after.body.items[0].liveState);
      expect(live.data).to.deep.equal({ a: 'b' });
      expect(live.metadata.uid).to.be.a('string');
    },
  },
  {
    title: 'names in its conditions why it can’t compare, and knows no sync status then',
    concern: 'reads',
    async holds(argocd) {
      const place = await newPlace(argocd);
      const source = { repoURL: place.repository.url, path: 'nowhere', targetRevision: 'main' };
      accepted(await create(argocd, place.application({ source }), '?validate=false'));
      const { body } = await eventually(
        () => get(argocd, place.name),
        (answer) => answer.body.status.conditions !== undefined,
      );
      expect(body.status.conditions[0].type).to.equal('ComparisonError');
      expect(body.status.conditions[0].message).to.match(/app path does not exist/);
      expect(body.status.sync.status).to.equal('Unknown');
    },
  },
];
