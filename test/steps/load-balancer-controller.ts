import type { Clients } from '../../steps/clients/clients.ts';
import { CLUSTER, REGION, RUNNER } from './cluster.ts';

const name = 'aws-load-balancer-controller';
const labels = { 'app.kubernetes.io/name': name };
const metadata = { name, namespace: 'kube-system' };

/** Has the load balancer controller run on the recovery cluster, for tests of what it makes; its own step is tried elsewhere. */
export async function runLoadBalancerController({ kubernetes, iam, clock }: Pick<Clients, 'kubernetes' | 'iam' | 'clock'>): Promise<void> {
  const role = { RoleName: RUNNER.split('/').at(-1), PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' };
  await (await iam()).attachRolePolicy(role);
  const api = await kubernetes({ region: REGION, cluster: CLUSTER });
  const by = { fieldManager: 'test' };
  const annotations = { 'eks.amazonaws.com/role-arn': RUNNER };
  await api.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...metadata, annotations } }, by);
  const containers = [
    { name: 'controller', image: 'public.ecr.aws/eks/aws-load-balancer-controller', args: [`--cluster-name=${CLUSTER}`] },
  ];
  const template = { metadata: { labels }, spec: { serviceAccountName: name, containers } };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template };
  await api.apply({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { ...metadata, labels }, spec }, by);
  for (;;) {
    const found = await api.get({ apiVersion: 'apps/v1', kind: 'Deployment', ...metadata });
    if (((found?.status ?? {}) as { availableReplicas?: number }).availableReplicas === 1) return;
    await clock.sleep(3);
  }
}
