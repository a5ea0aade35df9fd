import { expect } from 'chai';
import type { Clients } from '../../../steps/clients/clients.ts';
import type { Progress } from '../../../steps/kit/wait.ts';
import { karpenterBringsNode } from '../../../steps/waits/karpenter-brings-node.ts';
import { kubernetesConditions } from '../../../steps/waits/kubernetes-conditions.ts';
import { kubernetesWebhookReady } from '../../../steps/waits/kubernetes-webhook-ready.ts';

const at = { region: 'eu-central-1', cluster: 'shop-r1' };

/** A cluster that holds these objects, whatever is asked for of their kind. */
function clusterWith(...objects: readonly object[]): Pick<Clients, 'kubernetes'> {
  const ofKind = (kind: string) => objects.filter((object) => (object as { kind?: string }).kind === kind);
  const cluster = {
    get: async ({ kind }: { kind: string }) => ofKind(kind)[0] ?? null,
    list: async ({ kind }: { kind: string }) => ofKind(kind),
  };
  return { kubernetes: async () => cluster as never };
}

function reasonOf(progress: Progress): string {
  return progress.done ? 'done' : progress.reason;
}

describe('waiting for conditions', () => {
  const wanted = {
    ...at,
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodePool',
    namespace: '',
    name: 'default',
    conditions: ['NodeClassReady', 'Ready'],
  };
  const pool = (generation: number, conditions: readonly object[]) => ({
    kind: 'NodePool',
    metadata: { name: 'default', generation },
    status: { conditions },
  });
  const look = async (...objects: readonly object[]) => reasonOf(await kubernetesConditions.look(clusterWith(...objects), wanted, 0));

  it('needs every one of them to be True', async () => {
    expect(await look()).to.equal('it does not exist yet');
    expect(await look({ kind: 'NodePool', metadata: { name: 'default' } })).to.equal(
      'NodeClassReady is not known yet; Ready is not known yet',
    );
    expect(
      await look(
        pool(1, [
          { type: 'NodeClassReady', status: 'True' },
          { type: 'Ready', status: 'False', reason: 'NotReady', message: 'a NodeClass is missing.' },
        ]),
      ),
    ).to.equal('Ready is False: a NodeClass is missing');
    expect(
      await look(
        pool(1, [
          { type: 'NodeClassReady', status: 'True' },
          { type: 'Ready', status: 'True' },
        ]),
      ),
    ).to.equal('done');
  });

  it('believes none that was set for an older generation', async () => {
    const conditions = [
      { type: 'NodeClassReady', status: 'True', observedGeneration: 2 },
      { type: 'Ready', status: 'True', observedGeneration: 1 },
    ];
    expect(await look(pool(2, conditions))).to.equal('Ready is not known yet');
  });
});

describe('waiting for a webhook', () => {
  const wanted = { ...at, webhooks: 'mutating', name: 'istio-sidecar-injector' } as const;
  const service = { namespace: 'istio-system', name: 'istiod' };
  const configuration = (caBundle?: string) => ({
    kind: 'MutatingWebhookConfiguration',
    webhooks: [{ name: 'rev.istio.io', clientConfig: { service, ...(caBundle === undefined ? {} : { caBundle }) } }],
  });
  const slice = (ready: boolean) => ({ kind: 'EndpointSlice', endpoints: [{ conditions: { ready } }] });
  const look = async (...objects: readonly object[]) => reasonOf(await kubernetesWebhookReady.look(clusterWith(...objects), wanted, 0));

  it('needs its configuration, a CA and a ready endpoint', async () => {
    expect(await look()).to.equal('the configuration does not exist yet');
    expect(await look(configuration())).to.equal('rev.istio.io has no caBundle yet');
    expect(await look(configuration('Q0E='))).to.equal('the service istio-system/istiod has no ready endpoint');
    expect(await look(configuration('Q0E='), slice(false))).to.equal('the service istio-system/istiod has no ready endpoint');
    expect(await look(configuration('Q0E='), slice(false), slice(true))).to.equal('done');
  });
});

describe('waiting for the node that Karpenter brings', () => {
  const wanted = { ...at, namespace: 'kube-system', job: 'proof', nodePool: 'default', nodeRoleArn: 'arn:aws:iam::111122223333:role/node' };
  const look = (...objects: readonly object[]) => karpenterBringsNode.look(clusterWith(...objects), wanted, 0);
  const job = { kind: 'Job', metadata: { name: 'proof' }, status: {} };
  const pod = { kind: 'Pod', status: { conditions: [{ type: 'PodScheduled', status: 'False', message: '0/3 nodes are available' }] } };
  const claim = (...conditions: readonly object[]) => ({ kind: 'NodeClaim', metadata: { name: 'default-7xk2p' }, status: { conditions } });

  it('says what the pod waits for, then how far its node is', async () => {
    expect(reasonOf(await look())).to.equal('its job does not exist yet');
    expect(reasonOf(await look(job))).to.equal('its pod does not exist yet');
    expect(reasonOf(await look(job, pod))).to.equal('no NodeClaim yet; the pod: 0/3 nodes are available');
    const capacity = { type: 'Launched', status: 'Unknown', message: 'InsufficientInstanceCapacity' };
    expect(reasonOf(await look(job, pod, claim(capacity)))).to.equal(
      'NodeClaim default-7xk2p: Launched is Unknown: InsufficientInstanceCapacity',
    );
  });

  it('does not wait on a job that failed', async () => {
    const failed = { ...job, status: { conditions: [{ type: 'Failed', status: 'True', message: 'BackoffLimitExceeded' }] } };
    expect(await look(failed)).to.deep.include({ done: false, failed: true });
  });
});
