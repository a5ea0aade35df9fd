import { expect } from 'chai';
import { ec2 } from '../../../sandbox/ec2/system.ts';
import { eks } from '../../../sandbox/eks/system.ts';
import { iam } from '../../../sandbox/iam/system.ts';
import { createClusterState } from '../../../sandbox/kubernetes/clusters.ts';
import { applyManifest } from '../../../sandbox/kubernetes/delivery.ts';
import { kubernetes } from '../../../sandbox/kubernetes/system.ts';
import { sts } from '../../../sandbox/sts/system.ts';
import { CLUSTER, REGION, seedCluster } from '../cluster.ts';
import { bareWorld, type Remote, startRemote } from '../remote.ts';

const at = { region: REGION, cluster: CLUSTER };
const SECRETS = { apiVersion: 'v1', kind: 'Secret' };

describe('the metadata of objects', () => {
  let remote: Remote;

  before(async () => {
    const world = bareWorld();
    seedCluster(world);
    remote = await startRemote([sts, iam, ec2, eks, kubernetes], { world });
    createClusterState(remote.running.sandbox, at);
  });
  after(() => remote.stop());

  const secret = (name: string, more: object = {}) =>
    applyManifest(
      remote.running.sandbox,
      at,
      { ...SECRETS, metadata: { name, namespace: 'default', ...more }, data: { password: 'aHVudGVyMg==' } },
      'kubectl-create',
    );

  it('comes without the data of a Secret, even where kubectl left it in an annotation', async () => {
    const whole = JSON.stringify({ data: { password: 'aHVudGVyMg==' } });
    secret('by-hand', { labels: { team: 'a' }, annotations: { note: 'x', 'kubectl.kubernetes.io/last-applied-configuration': whole } });
    const found = await (await remote.clients.kubernetes(at)).listMetadata(SECRETS, { fieldSelector: 'metadata.name=by-hand' });
    expect(JSON.stringify(found)).not.to.contain('aHVudGVyMg==');
    expect(found).to.deep.equal([
      {
        name: 'by-hand',
        namespace: 'default',
        labels: { team: 'a' },
        annotations: { note: 'x' },
        ownerReferences: [],
        managedFields: [{ manager: 'kubectl-create', subresource: '' }],
      },
    ]);
  });

  it('comes in pages, and comes whole', async () => {
    for (let count = 0; count < 501; count += 1) secret(`many-${count}`, { labels: { many: 'yes' } });
    const found = await (await remote.clients.kubernetes(at)).listMetadata(SECRETS, { labelSelector: 'many=yes' });
    expect(new Set(found.map(({ name }) => name))).to.have.property('size', 501);
  });

  it('is none of a kind that the cluster does not know', async () => {
    const api = await remote.clients.kubernetes(at);
    expect(await api.listMetadata({ apiVersion: 'example.com/v1', kind: 'Widget' })).to.deep.equal([]);
  });
});
