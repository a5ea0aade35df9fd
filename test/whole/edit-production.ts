import { ApiGatewayV2 } from '@aws-sdk/client-apigatewayv2';
import { CloudFront } from '@aws-sdk/client-cloudfront';
import { IAM } from '@aws-sdk/client-iam';
import { applyManifest } from '../../sandbox/kubernetes/delivery.ts';
import type { RunningSandbox } from '../../sandbox/server.ts';
import { PRODUCTION_APIS } from '../../sandbox/worlds/api-names.ts';
import { DISTRIBUTIONS, PRIMARY_CLUSTER, PRIMARY_REGION, PRODUCTION_ZONE } from '../../sandbox/worlds/names.ts';
import { clientConfig } from '../sandbox/aws-sandbox.ts';

/** Where people send users meanwhile. */
const ELSEWHERE = 'maintenance.example.net';

/** What people change on things that were there before the run, and that it led to the new cluster. */
export async function editProduction(running: RunningSandbox, cluster: string): Promise<void> {
  editRecord(running);
  await editOrigin(running);
  await editIntegration(running);
  await editTrust(running);
  editDestination(running, cluster);
  scaleFenced(running);
}

function editRecord({ sandbox }: RunningSandbox): void {
  const records = sandbox.world.route53.zones[PRODUCTION_ZONE.id]?.records ?? {};
  const found = Object.entries(records).find(([, { AliasTarget }]) => AliasTarget?.DNSName.includes('.elb.eu-central-1.'));
  if (found?.[1].AliasTarget === undefined) throw new Error('no alias of a load balancer was switched');
  const [key, record] = found;
  records[key] = { ...record, AliasTarget: { ...found[1].AliasTarget, EvaluateTargetHealth: false } };
}

async function editOrigin(running: RunningSandbox): Promise<void> {
  const cloudfront = new CloudFront(clientConfig(running, { region: 'us-east-1' }));
  const Id = DISTRIBUTIONS.checkout;
  const { DistributionConfig, ETag } = await cloudfront.getDistributionConfig({ Id });
  const origin = DistributionConfig?.Origins?.Items?.find(({ DomainName = '' }) => DomainName.includes('eu-central-1'));
  if (origin === undefined) throw new Error('no origin was switched');
  origin.DomainName = ELSEWHERE;
  await cloudfront.updateDistribution({ Id, IfMatch: ETag, DistributionConfig });
}

async function editIntegration(running: RunningSandbox): Promise<void> {
  const gateway = new ApiGatewayV2(clientConfig(running, { region: PRIMARY_REGION }));
  const ApiId = PRODUCTION_APIS.storefront;
  const { Items = [] } = await gateway.getIntegrations({ ApiId });
  const { IntegrationId } = Items.find(({ IntegrationUri = '' }) => IntegrationUri.includes('eu-central-1')) ?? {};
  await gateway.updateIntegration({ ApiId, IntegrationId, IntegrationUri: `http://${ELSEWHERE}/` });
}

/** A statement that the run had put into the trust policy of a role. */
async function editTrust(running: RunningSandbox): Promise<void> {
  const iam = new IAM(clientConfig(running));
  const { Roles = [] } = await iam.listRoles({});
  const own = Roles.find(({ AssumeRolePolicyDocument = '' }) => decodeURIComponent(AssumeRolePolicyDocument).includes('"EksDr'));
  if (own === undefined) throw new Error('the run changed no trust policy');
  const trust = JSON.parse(decodeURIComponent(own.AssumeRolePolicyDocument ?? '')) as { Statement: { Sid?: string; Condition?: object }[] };
  for (const statement of trust.Statement.filter(({ Sid = '' }) => Sid.startsWith('EksDr')))
    statement.Condition = { ...statement.Condition, Bool: { 'aws:SecureTransport': 'true' } };
  await iam.updateAssumeRolePolicy({ RoleName: own.RoleName, PolicyDocument: JSON.stringify(trust) });
}

/** The entry that opens a project to the new cluster, in another spelling. */
function editDestination({ sandbox }: RunningSandbox, cluster: string): void {
  const project = sandbox.world.argocd.projects.platform;
  for (const entry of project?.spec.destinations ?? []) if (entry.name === cluster) entry.server = 'https://new.example.net';
}

/** Somebody needs what the fence had stopped. */
function scaleFenced({ sandbox }: RunningSandbox): void {
  const at = { region: PRIMARY_REGION, cluster: PRIMARY_CLUSTER };
  const metadata = { name: 'order-worker', namespace: 'order' };
  applyManifest(sandbox, at, { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 7 } }, 'kubectl');
}
