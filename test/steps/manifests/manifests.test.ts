import { expect } from 'chai';
import type { Scope } from '../../../steps/clients/kubernetes-discovery.ts';
import type { EksDrError } from '../../../steps/kit/errors.ts';
import { isWait } from '../../../steps/kit/resource.ts';
import { manifestItems, placeManifests } from '../../../steps/manifests/place-manifests.ts';
import { readManifests } from '../../../steps/manifests/read-folder.ts';
import { failure } from '../../failure.ts';
import { manifestFolder } from './folder.ts';

const values = { cluster: 'shop-r1', region: 'eu-central-1', run: 'r1' };
const scopes: Readonly<Record<string, Scope>> = { Namespace: 'Cluster', Service: 'Namespaced', Gateway: 'Namespaced' };
const cluster = { scopeOf: async ({ kind }: { kind: string }) => scopes[kind] ?? null };

async function read(files: Readonly<Record<string, string>>) {
  const { estateFolder, remove } = await manifestFolder(files);
  try {
    return await readManifests(
      { folder: 'manifests', estateFolder, field: 'addons.istio.manifests', excludedNamespaces: ['ingress', 'n'] },
      values,
    );
  } finally {
    await remove();
  }
}

const messages = (errors: readonly EksDrError[]): string[] => errors.map(({ message }) => message);

describe('a folder of manifests', () => {
  it('makes no namespace that prepare-namespaces may make, too', async () => {
    const namespace = (name: string) => `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name} }\n`;
    const { mistakes } = await read({ 'a.yaml': `${namespace('ingress')}---\n${namespace('shop')}` });
    expect(messages(mistakes)).to.have.length(1);
    expect(messages(mistakes)[0]).to.match(
      /^manifests\/a\.yaml, document 2, line 5: the Namespace shop could be made by prepare-namespaces, too/,
    );
    expect(mistakes[0]?.remedy).to.contain('Name shop under namespaces.exclude');
  });

  it('is every document of its YAML files, with the placeholders replaced and the rest left as it is', async () => {
    const { manifests, mistakes } = await read({
      'b/gateway.yml': `# The way in
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public-\${run}
  namespace: ingress
  creationTimestamp: null
spec:
  note: \${region} \${HOME} $\{unknown}
---
---
apiVersion: v1
kind: Namespace
metadata: { name: ingress, labels: { 'kubernetes.io/cluster/\${cluster}': owned } }
`,
      'README.md': 'not a manifest',
    });
    expect(mistakes).to.deep.equal([]);
    expect(manifests.map(({ place }) => place)).to.deep.equal([
      { file: 'manifests/b/gateway.yml', document: 1, line: 2 },
      { file: 'manifests/b/gateway.yml', document: 3, line: 12 },
    ]);
    expect(manifests[0]).to.deep.include({
      kind: 'Gateway',
      name: 'public-r1',
      namespace: 'ingress',
      body: { spec: { note: 'eu-central-1 ${HOME} ${unknown}' } },
    });
    expect(manifests[1]?.body).to.deep.equal({ metadata: { labels: { 'kubernetes.io/cluster/shop-r1': 'owned' } } });
  });

  it('lets no value break out of its place', async () => {
    const { estateFolder, remove } = await manifestFolder({ 'a.yaml': 'apiVersion: v1\nkind: Service\nmetadata: { name: "${run}" }\n' });
    const odd = 'x", evil: "yes';
    const { manifests } = await readManifests({ folder: 'manifests', estateFolder, field: 'f', excludedNamespaces: [] }, { run: odd });
    await remove();
    expect(manifests[0]).to.deep.include({ name: odd, body: {} });
  });

  it('tells every mistake of every file at once, with document and line', async () => {
    const { mistakes } = await read({
      'a.yaml':
        'apiVersion: v1\nkind: Service\nmetadata: {}\n---\nkind: Service\nmetadata: { name: x, generateName: y }\nstatus: {}\n---\n- a list\n',
      'b.yaml': 'apiVersion: v1\nkind: [oops\n',
      'c.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: { name: s, namespace: n }\nstringData: { a: b }\n',
      'd.yaml': 'apiVersion: v1\nkind: Service\nmetadata: { name: twice, namespace: n }\n',
      'e.yaml': 'apiVersion: v1\nkind: Service\nmetadata: { name: twice, namespace: n }\n',
      'f.yaml': 'apiVersion: v1\nkind: List\nitems: []\nmetadata: { name: x }\n',
    });
    const all = messages(mistakes).join('\n');
    expect(all).to.contain('manifests/a.yaml, document 1, line 1: metadata.name is missing');
    expect(all).to.contain('manifests/a.yaml, document 2, line 5: apiVersion is missing');
    expect(all).to.contain('manifests/a.yaml, document 2, line 5: status is written by controllers');
    expect(all).to.contain('manifests/a.yaml, document 3, line 9: a manifest must be a mapping');
    expect(all).to.match(/manifests\/b\.yaml, document 1, line \d: .*/);
    expect(all).to.contain('manifests/c.yaml, document 1, line 1: a secret with its data must not stand in a file');
    expect(all).to.contain('manifests/e.yaml, document 1, line 1: Service twice stands already in manifests/d.yaml, document 1, line 1');
    expect(all).to.contain('manifests/f.yaml, document 1, line 1: a List');
    expect(mistakes.find(({ target }) => target === 'manifests/a.yaml:9')).not.to.equal(undefined);
  });

  it('that is missing or empty is named with its field of the estate', async () => {
    const missing = await readManifests(
      { folder: 'nowhere', estateFolder: '/nonexistent', field: 'addons.istio.manifests', excludedNamespaces: ['ingress', 'n'] },
      {},
    );
    expect(missing.mistakes.map(({ code, target }) => [code, target])).to.deep.equal([['input-unreadable', 'addons.istio.manifests']]);
    const empty = await read({ 'README.md': 'nothing here' });
    expect(messages(empty.mistakes)).to.deep.equal(['The folder manifests holds no YAML file.']);
  });
});

describe('manifests on a cluster', () => {
  const file = (text: string) => read({ 'a.yaml': text });
  const gateway = 'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: g, namespace: n }\nspec: {}\n';

  it('carry the label of the run, namespaces first', async () => {
    const parsed = await file(`${gateway}---\napiVersion: v1\nkind: Namespace\nmetadata: { name: n, labels: { a: b } }\n`);
    const placed = await placeManifests(cluster, parsed, {});
    const items = manifestItems({ region: 'eu-central-1', cluster: 'shop-r1' }, placed, 'r1').flat();
    expect(items.map((item) => (isWait(item) ? item.wait : item.id.kind))).to.deep.equal([
      'Namespace',
      'kubernetes-kinds-known',
      'Gateway',
    ]);
    const desired = items.flatMap((item) => (isWait(item) ? [] : [item.desired]));
    expect(desired).to.deep.equal([
      { metadata: { labels: { a: 'b', 'eks-dr/run': 'r1' } } },
      { metadata: { labels: { 'eks-dr/run': 'r1' } }, spec: {} },
    ]);
  });

  it('may be of kinds that are brought along, and are refused where nothing brings their kind', async () => {
    const parsed = await file(
      'apiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: { name: p }\n---\napiVersion: x.example.com/v1\nkind: Odd\nmetadata: { name: o }\n',
    );
    const error = await failure('input-invalid', placeManifests(cluster, parsed, { 'karpenter.sh NodePool': 'Cluster' }));
    expect([error.message, error.also]).to.deep.equal([
      'manifests/a.yaml, document 2, line 5: the cluster knows no Odd of x.example.com/v1.',
      [],
    ]);
    expect(error.remedy).to.contain('CustomResourceDefinition');
  });

  it('may be of kinds that the folder itself defines', async () => {
    const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: odds.x.example.com }
spec: { group: x.example.com, scope: Namespaced, names: { kind: Odd, plural: odds } }
`;
    const knows = { scopeOf: async ({ kind }: { kind: string }) => (kind === 'CustomResourceDefinition' ? ('Cluster' as const) : null) };
    const parsed = await file(`apiVersion: x.example.com/v1\nkind: Odd\nmetadata: { name: o, namespace: n }\n---\n${definition}`);
    const items = manifestItems({ region: 'eu-central-1', cluster: 'shop-r1' }, await placeManifests(knows, parsed, {}), 'r1').flat();
    expect(items.map((item) => (isWait(item) ? item.wait : item.id.kind))).to.deep.equal([
      'CustomResourceDefinition',
      'kubernetes-kinds-known',
      'Odd',
    ]);
  });

  it('are refused, all at once, where they name no namespace or one too many', async () => {
    const parsed = await file(
      'apiVersion: v1\nkind: Service\nmetadata: { name: s }\n---\napiVersion: v1\nkind: Namespace\nmetadata: { name: n, namespace: m }\n---\n[]\n',
    );
    const error = await failure('input-invalid', placeManifests(cluster, parsed, {}));
    expect(messages([error, ...error.also]).sort()).to.deep.equal([
      'manifests/a.yaml, document 1, line 1: Service s names no namespace.',
      'manifests/a.yaml, document 2, line 5: Namespace n lies in no namespace, but names m.',
      'manifests/a.yaml, document 3, line 9: a manifest must be a mapping.',
    ]);
  });
});
