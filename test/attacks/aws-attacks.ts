import { stableEc2Id } from '../../sandbox/ec2/ids.ts';
import { DISTRIBUTIONS, PRIMARY_CLUSTER, PRIMARY_REGION, ROLES } from '../../sandbox/worlds/names.ts';
import type { Run } from '../../steps/kit/run.ts';
import type { Attack } from './attacks.ts';

/** A policy and an OIDC provider of production, which `prepare.ts` makes. */
export const PRODUCTION_POLICY = 'platform-guardrails';
export const PRODUCTION_ISSUER = 'oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF';

const anyone = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }] };
const anything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const association = {
  region: PRIMARY_REGION,
  cluster: PRIMARY_CLUSTER,
  namespace: 'cart',
  serviceAccount: 'new',
};
const rule = {
  region: PRIMARY_REGION,
  group: stableEc2Id('sg', PRIMARY_REGION),
  direction: 'ingress',
  protocol: 'tcp',
  from: '5432',
  to: '5432',
};

const elb = `arn:aws:elasticloadbalancing:${PRIMARY_REGION}:111122223333`;

/** What the controllers of the primary made (`prepare.ts` does), by the kinds that delete such things of a cluster that is gone. */
export const CONTROLLER_THINGS = {
  'elb.load-balancer': `${elb}:loadbalancer/net/production/0dddddddddddddddd`,
  'elb.target-group': `${elb}:targetgroup/production/0dddddddddddddddd`,
  'ec2.instance': 'i-0dddddddddddddddd',
  'ec2.launch-template': 'lt-0dddddddddddddddd',
  'ec2.volume': 'vol-0dddddddddddddddd',
  'ec2.network-interface': 'eni-0dddddddddddddddd',
  'ec2.security-group': `sg-${'d'.repeat(17)}`,
  'iam.instance-profile': `${PRIMARY_CLUSTER}_1`,
} as const;

/** Each is said to be left by the cluster of the drill. */
export function leftoverAttacks({ id: run }: Pick<Run, 'id'>): readonly Attack[] {
  const at = { region: PRIMARY_REGION, cluster: `shop-${run}`, run };
  return Object.entries(CONTROLLER_THINGS).map(([kind, id]) => ({
    title: `the end of a thing that a controller of the primary made, by ${kind}`,
    kind,
    id: { ...at, id },
    after: null,
  }));
}

/** Production's identities and its network. */
export function awsAttacks({ id: run }: Pick<Run, 'id'>): readonly Attack[] {
  const role = { path: '/', description: '', trust: anyone, maxSessionSeconds: 3600, permissionsBoundary: null, run };
  return [
    { title: 'a role', kind: 'iam.role', id: { name: ROLES.node }, after: role },
    { title: 'the end of a role', kind: 'iam.role', id: { name: ROLES.node }, after: null },
    {
      title: 'a policy',
      kind: 'iam.policy',
      id: { name: PRODUCTION_POLICY },
      after: { path: '/', description: '', document: anything, run },
    },
    { title: 'the end of a policy', kind: 'iam.policy', id: { name: PRODUCTION_POLICY }, after: null },
    {
      title: 'a policy attached to a role',
      kind: 'iam.role-policy',
      id: { role: ROLES.node, policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      after: { attached: true },
    },
    {
      title: 'a policy written into a role',
      kind: 'iam.inline-policy',
      id: { role: ROLES.node, name: 'anything' },
      after: { document: anything },
    },
    { title: 'the end of an OIDC provider', kind: 'iam.oidc-provider', id: { issuer: `https://${PRODUCTION_ISSUER}` }, after: null },
    {
      title: 'a statement in the trust policy of a role',
      kind: 'iam.trust-statement',
      id: { role: ROLES.admin, sid: 'Anyone' },
      after: { statement: { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' } },
    },
    {
      title: 'a pod identity association',
      kind: 'eks.pod-identity-association',
      id: association,
      after: { roleArn: `arn:aws:iam::111122223333:role/${ROLES.admin}`, targetRoleArn: null, run },
    },
    {
      title: 'an origin of a production distribution',
      kind: 'cloudfront.origin',
      id: { distribution: DISTRIBUTIONS.storefront, origin: 'ingress' },
      after: { domainName: 'new.elb.example.com', vpcOrigin: null },
    },
    { title: 'the end of a VPC origin', kind: 'cloudfront.vpc-origin', id: { name: 'ingress' }, after: null },
    {
      title: 'a rule of a security group',
      kind: 'ec2.security-group-rule',
      id: { ...rule, peer: '0.0.0.0/0' },
      after: { description: 'open', run },
    },
  ];
}
