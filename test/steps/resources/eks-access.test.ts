import { expect } from 'chai';
import { ec2 } from '../../../sandbox/ec2/system.ts';
import { eks } from '../../../sandbox/eks/system.ts';
import { iam } from '../../../sandbox/iam/system.ts';
import { sts } from '../../../sandbox/sts/system.ts';
import { eksAccessEntry } from '../../../steps/resources/eks-access-entry.ts';
import { eksAccessPolicy } from '../../../steps/resources/eks-access-policy.ts';
import { failure } from '../../failure.ts';
import { ARGOCD, CLUSTER, REGION, RUN, RUNNER, seedCluster } from '../cluster.ts';
import { type Driving, driving } from '../driving.ts';
import { bareWorld, type Remote, startRemote } from '../remote.ts';

const entryId = { region: REGION, cluster: CLUSTER, principalArn: ARGOCD };
const policyId = { ...entryId, policy: 'AmazonEKSClusterAdminPolicy' };
const whole = { scope: 'cluster', namespaces: [] };

describe('the drivers of EKS access', () => {
  let remote: Remote;
  let entries: Driving;
  let policies: Driving;

  beforeEach(async () => {
    const world = bareWorld();
    seedCluster(world);
    seedCluster(world, { name: 'shop-prod', tags: {} });
    remote = await startRemote([sts, iam, ec2, eks], { world });
    entries = driving(eksAccessEntry, remote.clients);
    policies = driving(eksAccessPolicy, remote.clients);
  });

  afterEach(() => remote.stop());

  it('create an entry with its policy, find nothing more to do, and delete both', async () => {
    const wanted = { type: 'STANDARD', groups: ['viewers', 'deployers'], run: RUN };
    const canonical = { type: 'STANDARD', groups: ['deployers', 'viewers'], run: RUN };
    await entries.write(entryId, null, canonical);
    expect(await entries.now(entryId)).to.deep.equal(canonical);
    expect(await entries.difference(entryId, wanted)).to.equal(null);
    await policies.write(policyId, null, whole);
    expect(await policies.difference(policyId, whole)).to.equal(null);
    await policies.write(policyId, whole, null);
    await entries.write(entryId, canonical, null);
    expect([await policies.now(policyId), await entries.now(entryId)]).to.deep.equal([null, null]);
  });

  it('give a role that was made moments ago the time to come to EKS', async () => {
    const iam = await remote.clients.iam();
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    };
    const { Role } = await iam.createRole({ RoleName: 'fresh-node', AssumeRolePolicyDocument: JSON.stringify(trust) });
    const node = { type: 'EC2_LINUX', groups: [], run: RUN };
    const id = { ...entryId, principalArn: Role?.Arn ?? '' };
    await entries.write(id, null, node);
    expect(await entries.now(id)).to.deep.equal(node);
  });

  it('mark an entry that is there already, keep what it may do, and give it back', async () => {
    const id = { ...entryId, principalArn: RUNNER };
    const before = { type: 'STANDARD', groups: [], run: null };
    expect(await entries.now(id)).to.deep.equal(before);
    await entries.write(id, before, { type: 'STANDARD', groups: [], run: RUN });
    expect(await entries.now(id)).to.deep.equal({ type: 'STANDARD', groups: [], run: RUN });
    expect(await policies.now({ ...policyId, principalArn: RUNNER })).to.deep.equal(whole);
    await entries.write(id, { type: 'STANDARD', groups: [], run: RUN }, before);
    expect(await entries.now(id)).to.deep.equal(before);
  });

  it('limit a policy to namespaces', async () => {
    await entries.write(entryId, null, { type: 'STANDARD', groups: [], run: RUN });
    const limited = { scope: 'namespace', namespaces: ['cart', 'shop'] };
    await policies.write(policyId, null, limited);
    expect(await policies.now(policyId)).to.deep.equal(limited);
    await policies.write(policyId, limited, whole);
    expect(await policies.now(policyId)).to.deep.equal(whole);
  });

  it('see the edit of somebody else', async () => {
    await entries.write(entryId, null, { type: 'STANDARD', groups: ['others'], run: RUN });
    expect((await entries.look(entryId, null, { type: 'STANDARD', groups: [], run: RUN })).at).to.equal('elsewhere');
  });

  it('answer a conflict when the entry was made since the last look', async () => {
    const seen = await entries.look(entryId, null, { type: 'STANDARD', groups: [], run: RUN });
    await entries.write(entryId, null, { type: 'STANDARD', groups: ['others'], run: RUN });
    await failure('conflict', entries.write(entryId, null, { type: 'STANDARD', groups: [], run: RUN }, seen));
  });

  it('know whose an entry is by its own tag, else by the tag of the cluster', async () => {
    expect(await entries.owner(entryId)).to.deep.equal({ kind: 'run', run: RUN });
    expect(await policies.owner(policyId)).to.deep.equal({ kind: 'run', run: RUN });
    await entries.write(entryId, null, { type: 'STANDARD', groups: [], run: 'drill-2' });
    expect(await entries.owner(entryId)).to.deep.equal({ kind: 'run', run: 'drill-2' });
    const production = { ...entryId, cluster: 'shop-prod' };
    expect(await entries.owner(production)).to.deep.include({ kind: 'other' });
    expect(await policies.owner({ ...policyId, cluster: 'shop-prod' })).to.deep.include({ kind: 'other' });
  });

  it('find nothing where the cluster is gone', async () => {
    expect(await entries.now({ ...entryId, cluster: 'gone' })).to.equal(null);
    expect(await policies.now({ ...policyId, cluster: 'gone' })).to.equal(null);
  });

  it('name the permission that is missing', async () => {
    const identity = remote.running.sandbox.world.iam.identities[RUNNER];
    if (identity !== undefined) identity.deny = ['eks:CreateAccessEntry'];
    const error = await failure('permission-denied', entries.write(entryId, null, { type: 'STANDARD', groups: [], run: RUN }));
    expect(error.remedy).to.contain('eks:CreateAccessEntry');
  });

  it('go on through cut connections and throttling', async () => {
    remote.running.faults.add({ system: 'eks', operation: 'eks:DescribeAccessEntry', effect: 'cut-before' });
    remote.running.faults.add({ system: 'eks', operation: 'eks:CreateAccessEntry', effect: 'throttle' });
    await entries.write(entryId, null, { type: 'STANDARD', groups: [], run: RUN });
    expect(await entries.now(entryId)).to.deep.equal({ type: 'STANDARD', groups: [], run: RUN });
  });
});
