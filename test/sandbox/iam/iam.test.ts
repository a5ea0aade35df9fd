import {
  AttachRolePolicyCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetAccountSummaryCommand,
  GetOpenIDConnectProviderCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  SimulatePrincipalPolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { roleExists } from '../../../sandbox/iam/principals.ts';
import type { RunningSandbox } from '../../../sandbox/server.ts';
import { clientConfig, errorOf, startAwsSandbox } from '../aws-sandbox.ts';

const pods = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: ['sts:AssumeRole', 'sts:TagSession'] }],
});
const permissions = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'ec2:Describe*', Resource: '*' }] });

describe('sandbox: IAM', () => {
  let running: RunningSandbox;
  let client: IAMClient;
  beforeEach(async () => {
    running = await startAwsSandbox();
    client = new IAMClient(clientConfig(running));
  });
  afterEach(() => running.stop());

  const createRole = (RoleName: string, trust = pods) => client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));

  it('answers a role with its trust policy percent-encoded', async () => {
    await client.send(new CreateRoleCommand({ RoleName: 'karpenter', AssumeRolePolicyDocument: pods, Tags: [{ Key: 'a', Value: 'b' }] }));
    const { Role: role } = await client.send(new GetRoleCommand({ RoleName: 'karpenter' }));
    expect(role?.Arn).to.equal('arn:aws:iam::111122223333:role/karpenter');
    expect(role?.AssumeRolePolicyDocument).to.match(/^%7B%22Version%22/);
    expect(decodeURIComponent(role?.AssumeRolePolicyDocument ?? '')).to.equal(pods);
    expect(role?.Tags).to.deep.equal([{ Key: 'a', Value: 'b' }]);
  });

  it('refuses a second role of that name and a role that does not exist', async () => {
    await createRole('karpenter');
    expect((await errorOf(createRole('karpenter'))).name).to.equal('EntityAlreadyExistsException');
    expect((await errorOf(client.send(new GetRoleCommand({ RoleName: 'none' })))).name).to.equal('NoSuchEntityException');
  });

  it('refuses documents that are not policies, and trust in a role that is not there', async () => {
    expect((await errorOf(createRole('a', '{'))).name).to.equal('MalformedPolicyDocumentException');
    expect((await errorOf(createRole('a', permissions))).name).to.equal('MalformedPolicyDocumentException');
    const unknown = pods
      .replace('"Service":"pods.eks.amazonaws.com"', '"AWS":"arn:aws:iam::111122223333:role/none"')
      .replace('sts:TagSession', 'sts:SetSourceIdentity');
    expect((await errorOf(createRole('a', unknown))).message).to.contain('Invalid principal in policy');
    const long = pods.replace('"Effect"', `"Sid":"${'x'.repeat(2048)}","Effect"`);
    expect((await errorOf(createRole('a', long))).name).to.equal('LimitExceededException');
  });

  it('shows a new role to other services only after some seconds', async () => {
    await createRole('karpenter');
    const { world, clock } = running.sandbox;
    const arn = 'arn:aws:iam::111122223333:role/karpenter';
    const created = world.iam.roles.karpenter?.createdAt ?? 0;
    expect(roleExists(world, arn, created + 1000)).to.equal(false);
    expect(roleExists(world, arn, created + 10_000)).to.equal(true);
    expect(clock.now()).to.be.at.least(created);
  });

  it('updates trust and tags', async () => {
    await createRole('karpenter');
    const changed = pods.replace('pods.eks', 'ec2');
    await client.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'karpenter', PolicyDocument: changed }));
    await client.send(new TagRoleCommand({ RoleName: 'karpenter', Tags: [{ Key: 'eks-dr:run', Value: 'r1' }] }));
    const { Role: role } = await client.send(new GetRoleCommand({ RoleName: 'karpenter' }));
    expect(decodeURIComponent(role?.AssumeRolePolicyDocument ?? '')).to.equal(changed);
    expect(role?.Tags).to.deep.equal([{ Key: 'eks-dr:run', Value: 'r1' }]);
  });

  it('attaches policies of the account and of AWS, and none that is unknown', async () => {
    await createRole('karpenter');
    const { Policy: policy } = await client.send(new CreatePolicyCommand({ PolicyName: 'karpenter', PolicyDocument: permissions }));
    const own = policy?.Arn ?? '';
    const aws = 'arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy';
    for (const PolicyArn of [own, aws]) await client.send(new AttachRolePolicyCommand({ RoleName: 'karpenter', PolicyArn }));
    const { AttachedPolicies: attached } = await client.send(new ListAttachedRolePoliciesCommand({ RoleName: 'karpenter' }));
    expect(attached?.map(({ PolicyName }) => PolicyName)).to.deep.equal(['karpenter', 'AmazonEKS_CNI_Policy']);
    const unknown = await errorOf(client.send(new AttachRolePolicyCommand({ RoleName: 'karpenter', PolicyArn: `${aws}2` })));
    expect(unknown.name).to.equal('NoSuchEntityException');
  });

  it('deletes neither a role nor a policy while they are attached to each other', async () => {
    await createRole('karpenter');
    const { Policy: policy } = await client.send(new CreatePolicyCommand({ PolicyName: 'karpenter', PolicyDocument: permissions }));
    const PolicyArn = policy?.Arn ?? '';
    await client.send(new AttachRolePolicyCommand({ RoleName: 'karpenter', PolicyArn }));
    expect((await errorOf(client.send(new DeleteRoleCommand({ RoleName: 'karpenter' })))).name).to.equal('DeleteConflictException');
    expect((await errorOf(client.send(new DeletePolicyCommand({ PolicyArn })))).name).to.equal('DeleteConflictException');
    await client.send(new DetachRolePolicyCommand({ RoleName: 'karpenter', PolicyArn }));
    await client.send(new PutRolePolicyCommand({ RoleName: 'karpenter', PolicyName: 'inline', PolicyDocument: permissions }));
    expect((await errorOf(client.send(new DeleteRoleCommand({ RoleName: 'karpenter' })))).name).to.equal('DeleteConflictException');
    await client.send(new DeletePolicyCommand({ PolicyArn }));
  });

  it('keeps five versions of a policy at most', async () => {
    const { Policy: policy } = await client.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: permissions }));
    const PolicyArn = policy?.Arn ?? '';
    const add = () => client.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: permissions, SetAsDefault: true }));
    for (let count = 0; count < 4; count += 1) await add();
    expect((await errorOf(add())).name).to.equal('LimitExceededException');
    const { PolicyVersion: version } = await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v5' }));
    expect(decodeURIComponent(version?.Document ?? '')).to.equal(permissions);
    expect(version?.IsDefaultVersion).to.equal(true);
  });

  it('lists roles page by page', async () => {
    for (const name of ['r1', 'r2', 'r3']) await createRole(name);
    const first = await client.send(new ListRolesCommand({ MaxItems: 3 }));
    const rest = await client.send(new ListRolesCommand({ Marker: first.Marker }));
    expect([...(first.Roles ?? []), ...(rest.Roles ?? [])].map(({ RoleName }) => RoleName)).to.deep.equal([
      'argocd-management',
      'eks-dr-runner',
      'r1',
      'r2',
      'r3',
    ]);
  });

  it('keeps OIDC providers', async () => {
    const Url = 'https://oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF';
    const { OpenIDConnectProviderArn } = await client.send(
      new CreateOpenIDConnectProviderCommand({ Url, ClientIDList: ['sts.amazonaws.com'] }),
    );
    const provider = await client.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
    expect(provider.ClientIDList).to.deep.equal(['sts.amazonaws.com']);
    expect(provider.Url).to.equal(Url.slice('https://'.length));
  });

  it('simulates what a principal may do and says how full the account is', async () => {
    const PolicySourceArn = 'arn:aws:iam::111122223333:role/argocd-management';
    const { EvaluationResults } = await client.send(
      new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames: ['eks:DescribeCluster', 'iam:CreateRole'] }),
    );
    expect(EvaluationResults?.map(({ EvalDecision }) => EvalDecision)).to.deep.equal(['allowed', 'implicitDeny']);
    const { SummaryMap: summary } = await client.send(new GetAccountSummaryCommand({}));
    expect(summary?.RolesQuota).to.equal(1000);
    expect(summary?.Roles).to.equal(2);
  });
});
