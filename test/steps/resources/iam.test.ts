import { expect } from 'chai';
import { ec2 } from '../../../sandbox/ec2/system.ts';
import { eks } from '../../../sandbox/eks/system.ts';
import { iam } from '../../../sandbox/iam/system.ts';
import { sts } from '../../../sandbox/sts/system.ts';
import type { Json, JsonObject } from '../../../steps/kit/json.ts';
import { planDescription } from '../../../steps/kit/planning.ts';
import { iamInlinePolicy } from '../../../steps/resources/iam-inline-policy.ts';
import { iamOidcProvider } from '../../../steps/resources/iam-oidc-provider.ts';
import { iamPolicy } from '../../../steps/resources/iam-policy.ts';
import { iamRole } from '../../../steps/resources/iam-role.ts';
import { iamRolePolicy } from '../../../steps/resources/iam-role-policy.ts';
import { iamTrustStatement } from '../../../steps/resources/iam-trust-statement.ts';
import { failure } from '../../failure.ts';
import { CLUSTER, RUN } from '../cluster.ts';
import { type Driving, driving } from '../driving.ts';
import { ACCOUNT, type Remote, startRemote } from '../remote.ts';

const documentOf = (...Statement: Json[]): JsonObject => ({ Version: '2012-10-17', Statement });
const NODES = documentOf({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' });
const READS = documentOf({ Effect: 'Allow', Action: 'ec2:Describe*', Resource: '*' });
const roleState = (changes: object = {}): Json => ({
  path: '/',
  description: '',
  trust: NODES,
  maxSessionSeconds: 3600,
  permissionsBoundary: null,
  run: RUN,
  ...changes,
});
const policyState = (changes: object = {}): Json => ({ path: '/', description: '', document: READS, run: RUN, ...changes });
const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

describe('the drivers of IAM', () => {
  let remote: Remote;
  let roles: Driving;
  let policies: Driving;
  let attachments: Driving;
  let inline: Driving;
  let statements: Driving;

  beforeEach(async () => {
    remote = await startRemote([sts, iam, ec2, eks]);
    roles = driving(iamRole, remote.clients);
    policies = driving(iamPolicy, remote.clients);
    attachments = driving(iamRolePolicy, remote.clients);
    inline = driving(iamInlinePolicy, remote.clients);
    statements = driving(iamTrustStatement, remote.clients);
  });
  afterEach(() => remote.stop());

  const world = () => remote.running.sandbox.world;
  const operations = () => remote.running.requests.list().map(({ operation }) => operation);

  it('wait for a principal that was made moments ago, and let it in as soon as IAM knows it', async () => {
    await roles.write({ name: 'caller' }, null, roleState());
    const caller = world().iam.roles.caller;
    if (caller !== undefined) caller.visibleAt = remote.running.sandbox.clock.now() + 20_000;
    const trust = documentOf({ Effect: 'Allow', Principal: { AWS: roleArn('caller') }, Action: 'sts:AssumeRole' });
    await roles.write({ name: 'callee' }, null, roleState({ trust }));
    expect(await roles.now({ name: 'callee' })).to.deep.equal(roleState({ trust }));
    expect(operations().filter((each) => each === 'iam:CreateRole').length).to.be.greaterThan(2);
  });

  it('give a principal up that IAM does not know after a minute, and say what to do', async () => {
    const trust = documentOf({ Effect: 'Allow', Principal: { AWS: roleArn('nobody') }, Action: 'sts:AssumeRole' });
    const error = await failure('remote-refused', roles.write({ name: 'callee' }, null, roleState({ trust })));
    expect(error.message).to.match(
      /refuses the trust policy of the role callee: .*Invalid principal in policy: "AWS":"arn:aws:iam::\d+:role\/nobody"/,
    );
    expect(error.remedy).to.match(/^Create the role, user or provider that it names/);
  });

  it('refuse a malformed trust policy at once', async () => {
    const trust = documentOf({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 's3:Get*' });
    await failure('remote-refused', roles.write({ name: 'callee' }, null, roleState({ trust })));
    expect(operations().filter((each) => each === 'iam:CreateRole')).to.have.length(1);
  });

  it('go on with the update of a role that was cut short, and leave one that somebody else changed', async () => {
    const trust = documentOf({ Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: 'sts:AssumeRole' });
    const [before, after] = [roleState(), roleState({ description: 'new', trust })];
    await roles.write({ name: 'shared' }, null, before);
    remote.running.faults.add({ system: 'iam', operation: 'iam:UpdateAssumeRolePolicy', times: 'always', effect: 'cut-before' });
    await failure('remote-unavailable', roles.write({ name: 'shared' }, before, after));
    remote.running.faults.clear();
    const half = await roles.look({ name: 'shared' }, before, after);
    expect(half).to.deep.include({ at: 'before', now: roleState({ description: 'new' }) });
    await roles.write({ name: 'shared' }, before, after, half);
    expect(await roles.now({ name: 'shared' })).to.deep.equal(after);
    const others = roleState({ description: 'of others' });
    expect(await roles.look({ name: 'shared' }, before, others)).to.include({ at: 'elsewhere' });
  });

  it('leave a role of the same name to whom it belongs, such as the lost cluster', async () => {
    const lost = roleState({ run: null, description: 'Of the lost cluster' });
    await roles.write({ name: 'shared' }, null, lost);
    const error = await failure('conflict', roles.write({ name: 'shared' }, lost, roleState()));
    expect(error.message).to.equal('There is a role shared in the account already, which was not made by EKS-DR; it was left as it is.');
    expect(error.remedy).to.match(/^Find out what uses that role/);
    expect(await roles.now({ name: 'shared' })).to.deep.equal(lost);
    expect(await roles.owner({ name: 'shared' })).to.deep.equal({ kind: 'other', detail: 'the role shared carries no eks-dr:run tag' });
  });

  it('refuse to take over what belongs to others when it is planned, not when it is approved', async () => {
    await roles.write({ name: 'shared' }, null, roleState({ run: null }));
    const { clock, log, signal } = remote.clients;
    const none = (): never => {
      throw new Error('there are no waits');
    };
    const run = { id: RUN, mode: 'recover' as const };
    const engine = { run, direction: 'forward' as const, clients: remote.clients, clock, log, signal, driver: () => iamRole, wait: none };
    await failure('conflict', planDescription(engine, [{ kind: 'iam.role', id: { name: 'shared' }, desired: roleState() }]));
  });

  it('tell that a name is taken in another case', async () => {
    await roles.write({ name: 'Shared' }, null, roleState());
    const error = await failure('conflict', roles.write({ name: 'shared' }, null, roleState()));
    expect(error.message).to.match(/may be spelled in another case/);
  });

  it('delete a role only with nothing attached, and name what holds it', async () => {
    await roles.write({ name: 'node' }, null, roleState());
    const policyArn = 'arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy';
    await attachments.write({ role: 'node', policyArn }, null, { attached: true });
    const error = await failure('conflict', roles.write({ name: 'node' }, roleState(), null));
    expect(error.message).to.equal(`The role node can't be deleted while it has the attached policy ${policyArn}.`);
    await attachments.write({ role: 'node', policyArn }, { attached: true }, null);
    await roles.write({ name: 'node' }, roleState(), null);
    expect(await roles.now({ name: 'node' })).to.equal(null);
    expect(await attachments.owner({ role: 'node', policyArn })).to.deep.equal({ kind: 'nobody' });
  });

  it('know every policy on a role that must go before it, attached or written into it', async () => {
    expect(await iamRole.attached?.(remote.clients, { name: 'node' })).to.deep.equal([]);
    await roles.write({ name: 'node' }, null, roleState());
    const policyArn = 'arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy';
    await attachments.write({ role: 'node', policyArn }, null, { attached: true });
    const document = documentOf({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' });
    await inline.write({ role: 'node', name: 'by-hand' }, null, { document });
    expect(await iamRole.attached?.(remote.clients, { name: 'node' })).to.deep.equal([
      { kind: 'iam.role-policy', id: { role: 'node', policyArn }, desired: null },
      { kind: 'iam.inline-policy', id: { role: 'node', name: 'by-hand' }, desired: null },
    ]);
    expect(await inline.owner({ role: 'node', name: 'by-hand' })).to.deep.equal({ kind: 'run', run: RUN });
    await inline.write({ role: 'node', name: 'by-hand' }, { document }, null);
    expect(await inline.now({ role: 'node', name: 'by-hand' })).to.equal(null);
  });

  it('keep the newest versions of a policy and its default, however often it changes', async () => {
    let before: Json = null;
    for (const action of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) {
      const after = policyState({ document: documentOf({ Effect: 'Allow', Action: `s3:${action}*`, Resource: '*' }) });
      await policies.write({ name: 'reads' }, before, after);
      expect(await policies.now({ name: 'reads' })).to.deep.equal(after);
      before = after;
    }
    const [policy] = Object.values(world().iam.policies);
    expect(policy?.versions.map(({ id }) => id)).to.deep.equal(['v3', 'v4', 'v5', 'v6', 'v7']);
    await policies.write({ name: 'reads' }, before, null);
    expect(await policies.now({ name: 'reads' })).to.equal(null);
  });

  it('delete a policy only where nothing uses it, and name what does', async () => {
    await policies.write({ name: 'reads' }, null, policyState());
    await roles.write({ name: 'node' }, null, roleState());
    await attachments.write({ role: 'node', policyArn: `arn:aws:iam::${ACCOUNT}:policy/reads` }, null, { attached: true });
    const error = await failure('conflict', policies.write({ name: 'reads' }, policyState(), null));
    expect(error.message).to.equal("The policy reads can't be deleted while it is attached to the role node.");
  });

  it('refuse a policy that is too long, with the limit and the way out', async () => {
    const document = documentOf({
      Effect: 'Allow',
      Action: Array.from({ length: 400 }, (_, index) => `ec2:Describe${index}Things`),
      Resource: '*',
    });
    const error = await failure('remote-refused', policies.write({ name: 'long' }, null, policyState({ document })));
    expect(error.remedy).to.match(/6,144 characters .*: split a longer one/);
  });

  it('find a policy in any path', async () => {
    await policies.write({ name: 'deep' }, null, policyState({ path: '/platform/eks/' }));
    expect(await policies.now({ name: 'deep' })).to.deep.equal(policyState({ path: '/platform/eks/' }));
  });

  it('attach a policy to a role that is made by the same plan: its name is free until then', async () => {
    expect(await attachments.owner({ role: 'later', policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' })).to.deep.equal({
      kind: 'nobody',
    });
  });

  it('tell when a role holds as many policies as it may', async () => {
    await roles.write({ name: 'node' }, null, roleState());
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k']) await policies.write({ name }, null, policyState());
    const attach = (name: string) =>
      attachments.write({ role: 'node', policyArn: `arn:aws:iam::${ACCOUNT}:policy/${name}` }, null, { attached: true });
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']) await attach(name);
    expect((await failure('remote-refused', attach('k'))).remedy).to.match(/"Managed policies per role" raised/);
  });

  it('change one statement of a trust policy and leave the others as they were written', async () => {
    const others = [
      { Sid: 'Jenkins', Effect: 'Allow', Action: ['sts:AssumeRole'], Principal: { AWS: [roleArn('eks-dr-runner')] } },
      { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ];
    await roles.write({ name: 'cart' }, null, roleState({ trust: NODES }));
    const role = world().iam.roles.cart;
    if (role === undefined) throw new Error('no role');
    role.trust = JSON.stringify({ Version: '2012-10-17', Id: 'kept', Statement: others });
    const statement = { Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: ['sts:AssumeRole', 'sts:TagSession'] };
    await statements.write({ role: 'cart', sid: 'EksDr1' }, null, { statement });
    expect(JSON.parse(role.trust)).to.deep.equal({
      Version: '2012-10-17',
      Id: 'kept',
      Statement: [...others, { Sid: 'EksDr1', ...statement }],
    });
    await statements.write({ role: 'cart', sid: 'EksDr1' }, { statement }, null);
    expect(JSON.parse(role.trust)).to.deep.equal({ Version: '2012-10-17', Id: 'kept', Statement: others });
  });

  it('write all statements of a role at once, and answer a conflict when one was edited meanwhile', async () => {
    await roles.write({ name: 'cart' }, null, roleState());
    const statement = (service: string) => ({ statement: { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' } });
    const changes = ['One', 'Two'].map((sid) => ({ id: { role: 'cart', sid }, before: null, after: statement('lambda.amazonaws.com') }));
    const looks = await iamTrustStatement.look(
      remote.clients,
      changes.map((change) => ({ kind: 'iam.trust-statement', ...change })),
    );
    const writes = changes.map((change, index) => ({
      ...change,
      observed: looks[index]?.observed ?? { state: null, owner: { kind: 'nobody' as const } },
    }));
    await iamTrustStatement.write(remote.clients, writes);
    expect(operations().filter((each) => each === 'iam:UpdateAssumeRolePolicy')).to.have.length(1);
    const error = await failure('conflict', iamTrustStatement.write(remote.clients, writes));
    expect(error.message).to.equal('The statement One in the trust policy of the role cart was changed by somebody else just now.');
  });

  it('tell what to do when a trust policy would be too long', async () => {
    await roles.write({ name: 'cart' }, null, roleState());
    const accounts = Array.from({ length: 60 }, (_, index) => `system:serviceaccount:namespace-${index}:account`);
    const statement = {
      Effect: 'Allow',
      Principal: { Federated: 'oidc' },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { 'oidc:sub': accounts } },
    };
    const error = await failure('remote-refused', statements.write({ role: 'cart', sid: 'EksDr1' }, null, { statement }));
    expect(error.message).to.match(/^The trust policy of the role cart would be longer than IAM takes \(2,048 characters unless raised\)/);
    expect(error.remedy).to.match(/"Role trust policy length" raised .* or use EKS Pod Identity/);
  });

  it('tell when the role of a statement is gone', async () => {
    const statement = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const error = await failure('remote-refused', statements.write({ role: 'gone', sid: 'EksDr1' }, null, { statement }));
    expect(error.message).to.match(/^The role gone does not exist/);
    expect(error.remedy).to.match(/workloadIdentity\.roles/);
    expect(await statements.owner({ role: 'gone', sid: 'EksDr1' })).to.deep.equal({
      kind: 'other',
      detail: 'the role gone does not exist',
    });
  });

  it('leave an OIDC provider of others as it is, and tell when the account has no room for one', async () => {
    const providers = driving(iamOidcProvider, remote.clients);
    const id = { issuer: `https://oidc.eks.eu-central-1.amazonaws.com/id/${CLUSTER}` };
    const foreign = { audiences: ['sts.amazonaws.com'], run: null };
    await providers.write(id, null, foreign);
    await failure('conflict', providers.write(id, foreign, { ...foreign, run: RUN }));
    for (let count = 1; count < 100; count += 1) {
      const url = `issuer-${count}.example.com`;
      const arn = `arn:aws:iam::${ACCOUNT}:oidc-provider/${url}`;
      world().iam.oidcProviders[arn] = { arn, url, clientIds: [], thumbprints: [], tags: {}, createdAt: 0 };
    }
    const error = await failure(
      'remote-refused',
      providers.write({ issuer: 'https://more.example.com' }, null, { audiences: [], run: RUN }),
    );
    expect(error.remedy).to.match(/^Delete providers of clusters that are gone/);
  });

  it('survive throttling and a change that somebody else makes at the same time, as far as the SDK tries again', async () => {
    remote.running.faults.add({ system: 'iam', operation: 'iam:CreateRole', effect: 'throttle', times: 2 });
    await roles.write({ name: 'node' }, null, roleState());
    remote.running.faults.add({
      system: 'iam',
      operation: 'iam:UpdateAssumeRolePolicy',
      effect: { status: 409, code: 'ConcurrentModification', message: 'Try again.' },
    });
    const statement = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
    await failure('conflict', statements.write({ role: 'node', sid: 'EksDr1' }, null, { statement }));
    await statements.write({ role: 'node', sid: 'EksDr1' }, null, { statement });
  });
});
