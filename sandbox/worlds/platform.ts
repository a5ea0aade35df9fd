import { awsLoadBalancerController } from '../charts/aws-load-balancer-controller.ts';
import type { Chart, Json } from '../charts/chart.ts';
import { istioBase } from '../charts/istio-base.ts';
import { istioGateway } from '../charts/istio-gateway.ts';
import { istiod } from '../charts/istiod.ts';
import { vaultChart } from '../charts/vault.ts';
import { hex } from '../eks/ids.ts';
import { contextOf } from '../kubernetes/clusters.ts';
import { runControllers } from '../kubernetes/controllers/run.ts';
import { applyManifest } from '../kubernetes/delivery.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import { addRole } from './identities.ts';
import { ACCOUNT_ID, BORN, PRIMARY_CLUSTER, PRIMARY_REGION, roleArn } from './names.ts';
import { primaryRef } from './primary.ts';
import type { SeedSandbox } from './settle.ts';
import { PRIMARY_MOUNT } from './vault.ts';

interface Installed {
  readonly chart: Chart;
  readonly release: string;
  readonly namespace: string;
  readonly values: Json;
}

const CONTROLLER_ROLE = 'shop-prod-load-balancer-controller';
const MINUTES = 60_000;
/** What one of them needs to become ready. */
const READY_AFTER = 3 * MINUTES;

/** In the order in which they were once installed. */
const installed: readonly Installed[] = [
  {
    chart: awsLoadBalancerController,
    release: 'aws-load-balancer-controller',
    namespace: 'kube-system',
    values: { clusterName: PRIMARY_CLUSTER, region: PRIMARY_REGION },
  },
  {
    chart: vaultChart,
    release: 'vault',
    namespace: 'vault',
    values: {
      global: { externalVaultAddr: 'https://vault.example.com' },
      server: { enabled: false },
      injector: { authPath: `auth/${PRIMARY_MOUNT}` },
    },
  },
  { chart: istioBase, release: 'istio-base', namespace: 'istio-system', values: { base: { validationFailurePolicy: 'Fail' } } },
  {
    chart: istiod,
    release: 'istiod',
    namespace: 'istio-system',
    values: { autoscaleEnabled: false, base: { validationFailurePolicy: 'Fail' } },
  },
  {
    chart: istioGateway,
    release: 'istio-ingress',
    namespace: 'istio-ingress',
    values: {
      autoscaling: { enabled: false },
      service: { annotations: { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing' } },
    },
  },
];

/** What runs between the primary and its services; each was ready before the next one came. */
export function seedPlatform(sandbox: SeedSandbox): void {
  addControllerRole(sandbox);
  for (const [index, { chart, release, namespace, values }] of installed.entries()) {
    const at = BORN + (index + 1) * READY_AFTER;
    applyAt(sandbox, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    const objects = chart.render(values, { name: release, namespace, skipCrds: false, salt: release }) as unknown as KubeObject[];
    const isDefinition = ({ kind }: KubeObject): boolean => kind === 'CustomResourceDefinition';
    for (const object of objects.filter(isDefinition)) applyAt(sandbox, object);
    // A kind is served a moment after its definition.
    advance(sandbox, at - READY_AFTER + 2_000);
    for (const object of objects.filter((one) => !isDefinition(one))) applyAt(sandbox, object);
    advance(sandbox, at);
  }
}

function applyAt(sandbox: SeedSandbox, object: KubeObject): void {
  applyManifest(sandbox, primaryRef, object, 'platform');
}

function advance(sandbox: SeedSandbox, at: number): void {
  sandbox.setTime(at);
  const context = contextOf(sandbox, primaryRef);
  if (context !== null) runControllers(context);
}

/** The role by which the load balancer controller works, handed over by an association. */
function addControllerRole({ world }: SeedSandbox): void {
  addRole(world, CONTROLLER_ROLE, { Service: 'pods.eks.amazonaws.com' }, 'Load balancers of shop-prod');
  world.iam.roles[CONTROLLER_ROLE]?.attached.push(`arn:aws:iam::${ACCOUNT_ID}:policy/${CONTROLLER_ROLE}`);
  const cluster = world.eks.clusters[`${PRIMARY_REGION}/${PRIMARY_CLUSTER}`];
  if (cluster === undefined) throw new Error('the world has no primary');
  const id = `a-${hex(CONTROLLER_ROLE, 17)}`;
  cluster.podIdentityAssociations[id] = {
    id,
    namespace: 'kube-system',
    serviceAccount: 'aws-load-balancer-controller',
    roleArn: roleArn(CONTROLLER_ROLE),
    disableSessionTags: false,
    tags: {},
    createdAt: BORN,
    modifiedAt: BORN,
  };
}
