import { expect } from 'chai';
import { ec2 } from '../../../sandbox/ec2/system.ts';
import { eks } from '../../../sandbox/eks/system.ts';
import { iam } from '../../../sandbox/iam/system.ts';
import { addNodes, createClusterState } from '../../../sandbox/kubernetes/clusters.ts';
import { kubernetes } from '../../../sandbox/kubernetes/system.ts';
import { sts } from '../../../sandbox/sts/system.ts';
import type { Sts } from '../../../steps/clients/aws.ts';
import { connectKubernetes } from '../../../steps/clients/kubernetes.ts';
import type { Progress } from '../../../steps/kit/wait.ts';
import { clusterActive } from '../../../steps/waits/cluster-active.ts';
import { kubernetesApiAnswers } from '../../../steps/waits/kubernetes-api-answers.ts';
import { kubernetesDeploymentAvailable } from '../../../steps/waits/kubernetes-deployment-available.ts';
import { kubernetesNodeReady } from '../../../steps/waits/kubernetes-node-ready.ts';
import { kubernetesPermission } from '../../../steps/waits/kubernetes-permission.ts';
import { kubernetesServiceAccountToken } from '../../../steps/waits/kubernetes-service-account-token.ts';
import { oldAnswersExpired } from '../../../steps/waits/old-answers-expired.ts';
import { failure } from '../../failure.ts';
import { CLUSTER, REGION, seedCluster } from '../cluster.ts';
import { bareWorld, type Remote, startRemote } from '../remote.ts';

const at = { region: REGION, cluster: CLUSTER };

function reasonOf(progress: Progress): string {
  return progress.done ? 'done' : progress.reason;
}

describe('waits on a cluster', () => {
  let remote: Remote;

  beforeEach(async () => {
    const world = bareWorld();
    seedCluster(world);
    remote = await startRemote([sts, iam, ec2, eks, kubernetes], { world });
    createClusterState(remote.running.sandbox, at);
  });

  afterEach(() => remote.stop());

  async function untilDone(look: () => Promise<Progress>): Promise<void> {
    for (let tries = 0; tries < 200 && !(await look()).done; tries += 1) await remote.clients.clock.sleep(3);
    expect((await look()).done).to.equal(true);
  }

  it('tell the states of a cluster apart', async () => {
    const cluster = remote.running.sandbox.world.eks.clusters[`${REGION}/${CLUSTER}`];
    if (cluster === undefined) throw new Error('no cluster');
    expect(await clusterActive.look(remote.clients, at, 0)).to.deep.equal({ done: true });
    Object.assign(cluster, { status: 'CREATING', dueAt: Number.MAX_SAFE_INTEGER });
    expect(await clusterActive.look(remote.clients, at, 0)).to.deep.include({ done: false, failed: false });
    cluster.status = 'FAILED';
    expect(await clusterActive.look(remote.clients, at, 0)).to.deep.include({ done: false, failed: true });
    expect(await clusterActive.look(remote.clients, { ...at, cluster: 'gone' }, 0)).to.deep.include({ done: false, failed: true });
  });

  it('wait for the first node and for CoreDNS on it', async () => {
    const dns = { ...at, namespace: 'kube-system', name: 'coredns' };
    expect(reasonOf(await kubernetesNodeReady.look(remote.clients, at, 0))).to.equal('no node has joined');
    expect(reasonOf(await kubernetesDeploymentAvailable.look(remote.clients, dns, 0))).not.to.equal('done');
    addNodes(remote.running.sandbox, at, 1);
    expect(reasonOf(await kubernetesNodeReady.look(remote.clients, at, 0))).to.contain('none of 1 nodes is Ready');
    await untilDone(() => kubernetesNodeReady.look(remote.clients, at, 0));
    await untilDone(() => kubernetesDeploymentAvailable.look(remote.clients, dns, 0));
  });

  it('say that a deployment does not exist', async () => {
    const look = kubernetesDeploymentAvailable.look(remote.clients, { ...at, namespace: 'default', name: 'none' }, 0);
    expect(reasonOf(await look)).to.contain('does not exist');
  });

  it('wait on a refused login while access spreads, and end with it when it stays refused', async () => {
    remote.running.faults.add({ system: 'kubernetes', operation: '*', times: 'always', effect: 'expired-credentials' });
    const review = { ...at, permissions: [{ verb: 'create', group: '', resource: 'namespaces' }] };
    for (const look of [
      (waited: number) => kubernetesApiAnswers.look(remote.clients, at, waited),
      (waited: number) => kubernetesPermission.look(remote.clients, review, waited),
    ]) {
      expect(reasonOf(await look(5))).to.contain('401');
      await failure('login-refused', look(120));
    }
  });

  it('say that the AWS credentials are gone when they can no longer be resolved', async () => {
    const { clock, signal } = remote.clients;
    const gone = Object.assign(new Error('The SSO session has expired'), { name: 'CredentialsProviderError' });
    const sts = { config: { credentials: () => Promise.reject(gone) } } as unknown as Sts;
    const api = await connectKubernetes(at, { eks: await remote.clients.eks(REGION), sts, clock, signal });
    const error = await failure('credentials-missing', api.get({ apiVersion: 'v1', kind: 'Namespace', name: 'default' }));
    expect(error.message).to.contain('The SSO session has expired');
  });

  it('wait for the token of a service account', async () => {
    const args = { ...at, namespace: 'default', secret: 'reviewer-token' };
    expect(reasonOf(await kubernetesServiceAccountToken.look(remote.clients, args, 0))).to.contain('does not exist');
    const api = await remote.clients.kubernetes(at);
    const by = { fieldManager: 'test' };
    await api.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'reviewer', namespace: 'default' } }, by);
    const annotations = { 'kubernetes.io/service-account.name': 'reviewer' };
    const metadata = { name: 'reviewer-token', namespace: 'default', annotations };
    await api.apply({ apiVersion: 'v1', kind: 'Secret', metadata, type: 'kubernetes.io/service-account-token' }, by);
    await untilDone(() => kubernetesServiceAccountToken.look(remote.clients, args, 0));
  });
});

describe('the wait for old DNS answers', () => {
  it('ends after its time and not before', async () => {
    expect(await oldAnswersExpired.look({}, { seconds: 60 }, 59)).to.deep.include({ done: false });
    expect(await oldAnswersExpired.look({}, { seconds: 60 }, 60)).to.deep.equal({ done: true });
  });

  it('falls out of a plan that changes nothing', () => {
    expect(oldAnswersExpired.for({ seconds: 60 }).only).to.equal('changes');
  });
});
