import { expect } from 'chai';
import type { ArgoApplication, ArgoNode } from '../../../steps/clients/argocd.ts';
import { judgeServices } from '../../../steps/health/judge-services.ts';
import { podReason, podReasons } from '../../../steps/health/pod-reasons.ts';
import { EksDrError } from '../../../steps/kit/errors.ts';
import type { Log } from '../../../steps/kit/log.ts';
import { failure } from '../../failure.ts';

const pod = (name: string, status: string, reason: string, message = ''): ArgoNode => ({
  kind: 'Pod',
  name,
  health: { status, message },
  info: [{ name: 'Status Reason', value: reason }],
});
const deployment: ArgoNode = { kind: 'Deployment', name: 'cart', health: { status: 'Degraded', message: '' }, info: [] };

const application = (name: string, health: string) =>
  ({ metadata: { name }, spec: {}, status: { sync: { status: 'Synced' }, health: { status: health } } }) as unknown as ArgoApplication;

describe('why services are unhealthy', () => {
  const lines: string[] = [];
  const log = { warn: (line: string) => lines.push(line) } as unknown as Log;

  it('is what the first failed pod says, in words that are alike for all services', () => {
    const waiting = pod('cart-1', 'Progressing', 'Pending');
    const failed = pod(
      'cart-7f-x2',
      'Degraded',
      'CrashLoopBackOff',
      'back-off 2m40s restarting failed container=app pod=cart-7f-x2_shop(0a1b)',
    );
    expect(podReason([deployment, waiting, failed])).to.equal('CrashLoopBackOff: back-off restarting failed container=app');
    expect(podReason([deployment, waiting])).to.equal('Pending');
    expect(podReason([pod('cart-1', 'Progressing', 'Running')])).to.equal('not ready');
    expect(podReason([deployment, pod('cart-1', 'Healthy', 'Running')])).to.equal(null);
  });

  it('groups the services by it, the most frequent cause first', async () => {
    const names = ['cart', 'order', 'stock'];
    const applications = [...names.map((name) => application(`${name}-dr`, 'Degraded')), application('fine-dr', 'Healthy')];
    const asked: string[] = [];
    const resourceTree = async (name: string): Promise<ArgoNode[]> => {
      asked.push(name);
      if (name === 'order-dr') return [pod('order-1', 'Degraded', 'CrashLoopBackOff')];
      const image = `r.example.com/${name.replace('-dr', '')}:1`;
      return [pod(`${name}-1`, 'Degraded', 'ImagePullBackOff', `Back-off pulling image "${image}"`)];
    };
    const reasons = await podReasons({ resourceTree }, applications, log);
    expect(asked).to.deep.equal(['cart-dr', 'order-dr', 'stock-dr']);
    const services = [...names, 'fine'].map((name) => ({ name, application: `${name}-dr`, tier: 'critical' }));
    const error = await failure('unhealthy', () =>
      judgeServices({ services, applications, reasons, waived: [], tiers: [{ name: 'critical', require: 'all' }] }),
    );
    expect(error.message).to.contain(
      'Degraded: ImagePullBackOff: Back-off pulling image "r.example.com/<service>:1": cart, stock. Degraded: CrashLoopBackOff: order.',
    );
  });

  it('may stay unknown: a tree that is not to be had decides nothing', async () => {
    const resourceTree = () => Promise.reject(new EksDrError('remote-unavailable', { message: 'Argo CD is busy.' }));
    expect(await podReasons({ resourceTree }, [application('cart-dr', 'Degraded')], log)).to.deep.equal(new Map());
    expect(lines.at(-1)).to.contain('cart-dr').and.to.contain('Argo CD is busy.');
  });
});
