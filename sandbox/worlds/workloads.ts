import { hex } from '../eks/ids.ts';
import { applyManifest } from '../kubernetes/delivery.ts';
import type { Sandbox } from '../system.ts';
import type { World } from '../world.ts';
import { addRole } from './identities.ts';
import { ACCOUNT_ID, BORN, PRIMARY_CLUSTER, PRIMARY_REGION, roleArn } from './names.ts';
import { primaryRef } from './primary.ts';
import type { Service } from './services.ts';

/** How a service account comes to its role: by an annotation that its role trusts (IRSA), or by an association. */
type Means = 'annotation' | 'association' | 'both';

interface Workload {
  readonly service: string;
  readonly role: string;
  readonly means: Means;
  /** Roles that trust pods.eks.amazonaws.com beside the primary's issuer: prepared for any cluster. */
  readonly prepared?: true;
  /** Statements for clusters of the past, until there is hardly room for another. */
  readonly crowded?: true;
  /** Made for drills: a drill may change it. */
  readonly drill?: true;
}

/** Half of them by annotation, half by association; one role is shared by three, one is nearly full. */
const workloads: readonly Workload[] = [
  { service: 'cart-api', role: 'shop-cart-api', means: 'annotation', prepared: true },
  { service: 'checkout-api', role: 'shop-checkout-api', means: 'annotation', drill: true },
  { service: 'invoice-worker', role: 'shop-documents', means: 'annotation', prepared: true },
  { service: 'order-worker', role: 'shop-documents', means: 'annotation', prepared: true },
  { service: 'order-export', role: 'shop-documents', means: 'annotation', prepared: true },
  { service: 'profile-export', role: 'shop-profile-export', means: 'annotation', crowded: true },
  { service: 'search-api', role: 'shop-search-api', means: 'annotation' },
  { service: 'product-worker', role: 'shop-product-worker', means: 'annotation' },
  { service: 'media-api', role: 'shop-media-api', means: 'annotation', prepared: true },
  { service: 'review-export', role: 'shop-review-export', means: 'annotation' },
  { service: 'cart-worker', role: 'shop-cart-worker', means: 'association' },
  { service: 'checkout-worker', role: 'shop-checkout-worker', means: 'association' },
  { service: 'invoice-api', role: 'shop-invoice-api', means: 'association' },
  { service: 'order-api', role: 'shop-order-api', means: 'association' },
  { service: 'profile-api', role: 'shop-profile-api', means: 'association' },
  { service: 'payment-api', role: 'shop-payment-api', means: 'association' },
  { service: 'ledger-export', role: 'shop-ledger-export', means: 'association' },
  { service: 'shipment-worker', role: 'shop-shipment-worker', means: 'association' },
  { service: 'audit-export', role: 'shop-audit-export', means: 'both', prepared: true },
  { service: 'mail-worker', role: 'shop-mail-worker', means: 'association' },
];

/** The service accounts of the shop that have IAM roles, their roles, and what the primary knows of them. */
export function seedWorkloads(sandbox: Sandbox, services: readonly Service[]): void {
  const { world } = sandbox;
  const issuer = issuerOf(world);
  addProvider(world, issuer);
  const namespaceOf = (service: string) => services.find(({ name }) => name === service)?.namespace ?? service.split('-')[0] ?? service;
  const namespaces = new Set(services.map(({ namespace }) => namespace));
  const there = workloads.filter(({ service }) => namespaces.has(namespaceOf(service)));
  for (const name of new Set(there.map(({ role }) => role))) {
    const members = there.filter(({ role }) => role === name);
    addWorkloadRole(world, name, members, (service) => `system:serviceaccount:${namespaceOf(service)}:${service}`, issuer);
  }
  for (const workload of there) addAccount(sandbox, workload, namespaceOf(workload.service));
}

function issuerOf(world: World): string {
  const { oidcId } = world.eks.clusters[`${PRIMARY_REGION}/${PRIMARY_CLUSTER}`] ?? { oidcId: '' };
  return `oidc.eks.${PRIMARY_REGION}.amazonaws.com/id/${oidcId}`;
}

function addProvider(world: World, url: string): void {
  const arn = `arn:aws:iam::${ACCOUNT_ID}:oidc-provider/${url}`;
  world.iam.oidcProviders[arn] = { arn, url, clientIds: ['sts.amazonaws.com'], thumbprints: [], tags: {}, createdAt: BORN };
}

function addWorkloadRole(
  world: World,
  name: string,
  members: readonly Workload[],
  subject: (service: string) => string,
  issuer: string,
): void {
  const annotated = members.filter(({ means }) => means !== 'association').map(({ service }) => subject(service));
  const lets = (property: 'prepared' | 'crowded' | 'drill') => members.some((member) => member[property] === true);
  const byAgent = lets('prepared') || members.some(({ means }) => means !== 'annotation');
  const crowd = Array.from({ length: 5 }, (_, index) =>
    webIdentity(`Cluster${index}`, `oidc.eks.eu-west-1.amazonaws.com/id/${hex(`old ${index}`, 32).toUpperCase()}`, annotated),
  );
  const statements = [
    ...(annotated.length === 0 ? [] : [webIdentity('ShopProd', issuer, annotated)]),
    ...(byAgent
      ? [{ Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: ['sts:AssumeRole', 'sts:TagSession'] }]
      : []),
    ...(lets('crowded') ? crowd : []),
  ];
  addRole(world, name, {}, `Pods of ${members.map(({ service }) => service).join(', ')}`);
  const role = world.iam.roles[name];
  if (role === undefined) throw new Error(`the role ${name} was not added`);
  role.trust = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  if (lets('drill')) role.tags = { 'eks-dr:scope': 'drill' };
}

function webIdentity(Sid: string, issuer: string, subjects: readonly string[]) {
  return {
    Sid,
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::${ACCOUNT_ID}:oidc-provider/${issuer}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: subjects } },
  };
}

function addAccount(sandbox: Sandbox, { service, role, means }: Workload, namespace: string): void {
  const annotations = means === 'association' ? {} : { annotations: { 'eks.amazonaws.com/role-arn': roleArn(role) } };
  const metadata = { name: service, namespace, ...annotations };
  applyManifest(sandbox, primaryRef, { apiVersion: 'v1', kind: 'ServiceAccount', metadata }, 'platform');
  if (means === 'annotation') return;
  const cluster = sandbox.world.eks.clusters[`${PRIMARY_REGION}/${PRIMARY_CLUSTER}`];
  if (cluster === undefined) throw new Error('the world has no primary');
  const id = `a-${hex(`${namespace}/${service}`, 17)}`;
  cluster.podIdentityAssociations[id] = {
    id,
    namespace,
    serviceAccount: service,
    roleArn: roleArn(role),
    disableSessionTags: false,
    tags: {},
    createdAt: BORN,
    modifiedAt: BORN,
  };
}
