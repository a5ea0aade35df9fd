import { expect } from 'chai';
import { ec2 } from '../../../sandbox/ec2/system.ts';
import { eks } from '../../../sandbox/eks/system.ts';
import { iam } from '../../../sandbox/iam/system.ts';
import { sts } from '../../../sandbox/sts/system.ts';
import { eksPodIdentityAssociation } from '../../../steps/resources/eks-pod-identity-association.ts';
import { failure } from '../../failure.ts';
import { CLUSTER, REGION, RUN, RUNNER, seedCluster } from '../cluster.ts';
import { type Driving, driving } from '../driving.ts';
import { ACCOUNT, bareWorld, type Remote, startRemote } from '../remote.ts';

const id = { region: REGION, cluster: CLUSTER, namespace: 'cart', serviceAccount: 'cart' };
const roleArn = `arn:aws:iam::${ACCOUNT}:role/cart`;
const wanted = { roleArn, targetRoleArn: null, run: RUN };

describe('the driver of pod identity associations', () => {
  let remote: Remote;
  let associations: Driving;
  beforeEach(async () => {
    const world = bareWorld();
    seedCluster(world);
    seedCluster(world, { name: 'shop-prod', tags: {} });
    remote = await startRemote([sts, iam, ec2, eks], { world });
    associations = driving(eksPodIdentityAssociation, remote.clients);
  });
  afterEach(() => remote.stop());

  async function makeRole(): Promise<void> {
    const statement = { Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: ['sts:AssumeRole', 'sts:TagSession'] };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await (await remote.clients.iam()).createRole({ RoleName: 'cart', AssumeRolePolicyDocument });
  }
  const tries = () => remote.running.requests.list().filter(({ operation }) => operation === 'eks:CreatePodIdentityAssociation').length;

  it('waits for a role that IAM made moments ago', async () => {
    await makeRole();
    await associations.owner(id);
    const { sandbox } = remote.running;
    const role = sandbox.world.iam.roles.cart;
    if (role !== undefined) role.visibleAt = sandbox.clock.now() + 20_000;
    await associations.write(id, null, wanted);
    expect(await associations.now(id)).to.deep.equal(wanted);
    expect(tries()).to.be.greaterThan(1);
  });

  it('gives up after a minute on a role that is not there, or lets no pods in, and says what it takes', async () => {
    const missing = await failure('remote-refused', associations.write(id, null, wanted));
    expect(missing.message).to.equal(
      `EKS does not take the role ${roleArn} for cart/cart: AWS eks:CreatePodIdentityAssociation in eu-central-1 failed: InvalidParameterException: Role provided in the request does not exist.`,
    );
    const closed = await failure('remote-refused', associations.write(id, null, { ...wanted, roleArn: RUNNER }));
    expect(closed.remedy).to.match(/must let pods\.eks\.amazonaws\.com do sts:AssumeRole and sts:TagSession/);
  });

  it('says what to do when the cluster takes no further association', async () => {
    await makeRole();
    await associations.write(id, null, wanted);
    const cluster = remote.running.sandbox.world.eks.clusters[`${REGION}/${CLUSTER}`];
    const [made] = Object.values(cluster?.podIdentityAssociations ?? {});
    if (cluster === undefined || made === undefined) throw new Error('there is no association');
    for (let count = 1; count < 1_000; count += 1)
      cluster.podIdentityAssociations[`a-${count}`] = { ...made, id: `a-${count}`, serviceAccount: `account-${count}` };
    const error = await failure('remote-refused', associations.write({ ...id, serviceAccount: 'one-more' }, null, wanted));
    expect(error.remedy).to.match(/^Have the EKS quota "EKS Pod Identity associations per cluster" raised/);
  });

  it('answers a conflict when the association was made since the last look', async () => {
    await makeRole();
    const seen = await associations.look(id, null, wanted);
    await associations.write(id, null, wanted);
    await failure('conflict', associations.write(id, null, wanted, seen));
  });

  it('deletes one that is gone already', async () => {
    await makeRole();
    await associations.write(id, null, wanted);
    const seen = await associations.look(id, wanted, null);
    await associations.write(id, wanted, null, seen);
    await associations.write(id, wanted, null, seen);
    expect(await associations.now(id)).to.equal(null);
  });

  it("knows whose an association is: the run's of its tag in the run's cluster, production's in production's", async () => {
    expect(await associations.owner(id)).to.deep.equal({ kind: 'run', run: RUN });
    const production = { ...id, cluster: 'shop-prod' };
    expect((await associations.owner(production)).kind).to.equal('other');
    await makeRole();
    await associations.write(production, null, wanted);
    expect((await associations.owner(production)).kind).to.equal('other');
    expect((await associations.owner({ ...id, cluster: 'gone' })).kind).to.equal('other');
  });
});
