import { expect } from 'chai';
import type { ArgoApplication } from '../../../steps/clients/argocd.ts';
import { argoApplication } from '../../../steps/clients/argocd-shapes.ts';
import { serviceHealth } from '../../../steps/health/service-health.ts';
import { policyMet, tierResults } from '../../../steps/health/tier-policy.ts';
import { EksDrError } from '../../../steps/kit/errors.ts';
import { argocdClusterListed } from '../../../steps/waits/argocd-cluster-listed.ts';
import { mergeStatus } from '../../../steps/waits/merge-status.ts';
import { servicesHealthy } from '../../../steps/waits/services-healthy.ts';

function application(name: string, status: object, change: object = {}): ArgoApplication {
  return argoApplication.parse({ metadata: { name }, spec: { syncPolicy: { automated: {} } }, status, ...change });
}

const healthy = {
  sync: { status: 'Synced', revision: 'abc' },
  health: { status: 'Healthy' },
  operationState: { phase: 'Succeeded', finishedAt: '2026-01-05T09:00:00Z' },
  reconciledAt: '2026-01-05T09:00:05Z',
};

describe('the health of a service', () => {
  it('is healthy when synced, compared since, and nothing is under way', () => {
    expect(serviceHealth(application('web', healthy))).to.deep.equal({ status: 'healthy' });
  });

  it('is not known before Argo CD has compared it since its sync', () => {
    expect(serviceHealth(application('web', { ...healthy, reconciledAt: '2026-01-05T08:59:59Z' })).status).to.equal('progressing');
  });

  it('is on its way while missing, unsynced, syncing or progressing', () => {
    expect(serviceHealth(undefined).status).to.equal('progressing');
    expect(serviceHealth(application('web', { ...healthy, sync: { status: 'OutOfSync' } })).status).to.equal('progressing');
    expect(serviceHealth(application('web', healthy, { operation: { sync: {} } })).status).to.equal('progressing');
    expect(serviceHealth(application('web', { ...healthy, health: { status: 'Progressing' } })).status).to.equal('progressing');
  });

  it('has failed when degraded, invalid, or out of sync with nobody to sync it', () => {
    expect(serviceHealth(application('web', { ...healthy, health: { status: 'Degraded', message: 'no image' } }))).to.deep.equal({
      status: 'failed',
      reason: 'Degraded: no image',
      forGood: false,
    });
    expect(
      serviceHealth(application('web', { ...healthy, conditions: [{ type: 'InvalidSpecError', message: 'no cluster' }] })).status,
    ).to.equal('failed');
    expect(serviceHealth(application('web', { ...healthy, sync: { status: 'OutOfSync' } }, { spec: {} })).status).to.equal('failed');
    expect(serviceHealth(application('web', { ...healthy, operationState: { phase: 'Failed', message: 'refused' } }))).to.deep.equal({
      status: 'failed',
      reason: 'the sync failed: refused',
      forGood: true,
    });
  });

  it('has failed for good only by what time does not mend', () => {
    const broken = (type: string, message: string, change: object = {}) =>
      serviceHealth(application('web', { ...healthy, conditions: [{ type, message }], ...change }));
    expect(broken('InvalidSpecError', 'no cluster')).to.include({ status: 'failed', forGood: true });
    expect(broken('ComparisonError', 'Failed to load target state: values.yaml: no such file or directory')).to.include({ forGood: true });
    expect(broken('ComparisonError', 'rpc error: code = DeadlineExceeded desc = context deadline exceeded')).to.include({ forGood: false });
    expect(broken('ComparisonError', 'connection error: dial tcp 10.0.0.7:8081: connect: connection refused')).to.include({
      forGood: false,
    });
    const retried = { operationState: { phase: 'Running', message: 'refused. Retrying attempt #2 at 10:45AM.' } };
    expect(broken('SyncError', 'refused', retried).status).to.equal('progressing');
  });
});

describe('the tier policy', () => {
  const tiers = [
    { name: 'gold', require: 'all' },
    { name: 'rest', require: '80%' },
  ];
  const of = (tier: string, good: number, bad: number) => [
    ...Array.from({ length: good }, (_, index) => ({ name: `${tier}-good-${index}`, tier, status: 'healthy' as const })),
    ...Array.from({ length: bad }, (_, index) => ({ name: `${tier}-bad-${index}`, tier, status: 'unhealthy' as const })),
  ];

  it('counts shares rounded up, and services without a known tier to the last one', () => {
    expect(policyMet(tierResults([...of('gold', 2, 0), ...of('rest', 4, 1)], tiers))).to.equal(true);
    expect(policyMet(tierResults([...of('rest', 4, 1), ...of('unheard-of', 0, 1)], tiers))).to.equal(false);
    expect(policyMet(tierResults(of('gold', 9, 1), tiers))).to.equal(false);
    expect(policyMet(tierResults([], tiers))).to.equal(true);
  });

  it('takes a waived service for a good one', () => {
    expect(policyMet(tierResults([{ name: 'web', tier: 'gold', status: 'waived' }], tiers))).to.equal(true);
  });
});

describe('waiting for the services', () => {
  const args = (change: object = {}) => ({
    run: 'drill-1',
    cluster: { region: 'eu-central-1', cluster: 'shop-drill-1' },
    services: ['web', 'api'].map((name) => ({ name, application: `${name}-new`, namespace: name, tier: 'gold' })),
    waived: [],
    tiers: [{ name: 'gold', require: '50%' }],
    settleSeconds: 30,
    enoughSeconds: 600,
    ...change,
  });
  const refused = () => Promise.reject(new EksDrError('remote-unavailable', { message: 'the cluster is away' }));
  const clients = (applications: readonly ArgoApplication[], told: string[] = []) =>
    ({
      argocd: async () => ({ listApplications: async () => applications }),
      kubernetes: async () => ({ list: refused }),
      log: { info: (line: string) => told.push(line), warn: (line: string) => told.push(line) },
    }) as never;
  const web = application('web-new', healthy);
  const degraded = application('api-new', { ...healthy, health: { status: 'Degraded' } });
  const unsyncable = application('api-new', { ...healthy, operationState: { phase: 'Failed', message: 'refused' } });

  it('holds each service for the settle time, and counts anew after a relapse', async () => {
    const memory = new Map<string, number>();
    const look = (seconds: number, ...found: ArgoApplication[]) => servicesHealthy.look(clients(found), args(), seconds, memory);
    expect((await look(0, web, degraded)).done).to.equal(false);
    expect((await look(29, web, degraded)).done).to.equal(false);
    expect((await look(30, degraded)).done).to.equal(false);
    expect((await look(31, web, degraded)).done).to.equal(false);
    expect((await look(60, web, degraded)).done).to.equal(false);
    expect((await look(61, web, degraded)).done).to.equal(true);
  });

  it('goes on while a service is still on its way, even when the policy is met', async () => {
    const starting = application('api-new', { ...healthy, health: { status: 'Progressing' } });
    const progress = await servicesHealthy.look(clients([web, starting]), args({ settleSeconds: 0 }), 50, new Map());
    expect(progress).to.deep.equal({ done: false, reason: '1 of 2 healthy, 1 on their way, 0 failed' });
  });

  it('is done at its limit, whatever the services do, and waits for no waived one', async () => {
    expect((await servicesHealthy.look(clients([]), args(), 600, new Map())).done).to.equal(true);
    expect((await servicesHealthy.look(clients([web]), args({ settleSeconds: 0, waived: ['api'] }), 1, new Map())).done).to.equal(true);
  });

  it('ends early once nothing has been left for the settle time but what failed for good', async () => {
    const memory = new Map<string, number>();
    const all = args({ tiers: [{ name: 'gold', require: 'all' }] });
    const look = (seconds: number, ...found: ArgoApplication[]) => servicesHealthy.look(clients(found), all, seconds, memory);
    expect((await look(0, web, unsyncable)).done).to.equal(false);
    expect((await look(30, web, unsyncable)).done).to.equal(false);
    expect((await look(50, web, degraded)).done).to.equal(false);
    expect((await look(51, web, unsyncable)).done).to.equal(false);
    expect((await look(80, web, unsyncable)).done).to.equal(false);
    expect((await look(81, web, unsyncable)).done).to.equal(true);
  });

  it('lasts as long as it may for what may still heal', async () => {
    const memory = new Map<string, number>();
    const all = args({ tiers: [{ name: 'gold', require: 'all' }] });
    for (const seconds of [0, 30, 60, 300, 595])
      expect((await servicesHealthy.look(clients([web, degraded]), all, seconds, memory)).done).to.equal(false);
  });

  it('tells the causes from the second minute on, once a minute, by what Argo CD says where the cluster cannot be asked', async () => {
    const memory = new Map<string, number>();
    const told: string[] = [];
    for (const seconds of [0, 60, 119, 120, 125, 179])
      await servicesHealthy.look(clients([web, degraded], told), args({ settleSeconds: 900 }), seconds, memory);
    expect(told).to.deep.equal([
      'why services are not healthy could not be found out on shop-drill-1: the cluster is away.',
      'not healthy yet: Degraded: api',
    ]);
  });
});

describe('waiting for a cluster in Argo CD', () => {
  const look = (connectionState: object, seconds: number) =>
    argocdClusterListed.look(
      { argocd: async () => ({ listClusters: async () => [{ name: 'new', server: 'https://a', info: { connectionState } }] }) } as never,
      { name: 'new' },
      seconds,
    );

  it('takes Unknown for enough, and fails with Argo CD’s own words once a failure lasts', async () => {
    expect((await look({ status: 'Unknown', message: '' }, 0)).done).to.equal(true);
    expect(await look({ status: 'Failed', message: 'no credentials' }, 0)).to.deep.include({ done: false, failed: false });
    expect(await look({ status: 'Failed', message: 'no credentials' }, 60)).to.deep.equal({
      done: false,
      reason: 'Argo CD cannot connect: no credentials',
      failed: true,
    });
  });
});

describe('the merge status of GitLab', () => {
  it('tells waiting for GitLab, for people, and what nothing will cure apart', () => {
    expect(mergeStatus('mergeable').kind).to.equal('mergeable');
    expect(mergeStatus('checking').kind).to.equal('checking');
    expect(mergeStatus(null).kind).to.equal('checking');
    expect(mergeStatus('not_approved').kind).to.equal('person');
    expect(mergeStatus('conflict').kind).to.equal('stuck');
  });

  it('shows a state it does not know as it is', () => {
    expect(mergeStatus('brand_new_rule')).to.deep.equal({ kind: 'person', reason: 'GitLab says brand_new_rule' });
  });
});
