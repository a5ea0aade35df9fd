import { IAM } from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { ensureInstanceProfile } from '../../../sandbox/iam/instance-profiles.ts';
import type { RunningSandbox } from '../../../sandbox/server.ts';
import { clientConfig, errorOf, startAwsSandbox } from '../aws-sandbox.ts';

const PROFILE = { InstanceProfileName: 'nodes' };

describe('sandbox: instance profiles', () => {
  let running: RunningSandbox;
  let iam: IAM;
  beforeEach(async () => {
    running = await startAwsSandbox();
    iam = new IAM(clientConfig(running));
    const trust = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
    await iam.createRole({ RoleName: 'node', AssumeRolePolicyDocument });
    const { world, clock } = running.sandbox;
    ensureInstanceProfile(world, { name: 'nodes', path: '/', role: 'node', tags: { 'eks:eks-cluster-name': 'shop' } }, clock.now());
  });
  afterEach(() => running.stop());

  const refused = async (answer: Promise<unknown>): Promise<string> => (await errorOf(answer)).name;

  it('are listed without their tags, which are asked for by profile', async () => {
    const { InstanceProfiles: [listed] = [] } = await iam.listInstanceProfiles({});
    expect(listed).to.include({ InstanceProfileName: 'nodes', Path: '/' });
    expect(listed?.Tags).to.equal(undefined);
    expect(listed?.Roles?.map(({ RoleName }) => RoleName)).to.deep.equal(['node']);
    const tags = [{ Key: 'eks:eks-cluster-name', Value: 'shop' }];
    expect((await iam.listInstanceProfileTags(PROFILE)).Tags).to.deep.equal(tags);
    expect((await iam.getInstanceProfile(PROFILE)).InstanceProfile?.Tags).to.deep.equal(tags);
    const { InstanceProfiles: holding = [] } = await iam.listInstanceProfilesForRole({ RoleName: 'node' });
    expect(holding.map(({ InstanceProfileName }) => InstanceProfileName)).to.deep.equal(['nodes']);
  });

  it('go only without their role, as their role goes only without them', async () => {
    expect(await refused(iam.deleteInstanceProfile(PROFILE))).to.equal('DeleteConflictException');
    expect(await refused(iam.deleteRole({ RoleName: 'node' }))).to.equal('DeleteConflictException');
    await iam.removeRoleFromInstanceProfile({ ...PROFILE, RoleName: 'node' });
    expect(await refused(iam.removeRoleFromInstanceProfile({ ...PROFILE, RoleName: 'node' }))).to.equal('NoSuchEntityException');
    await iam.deleteInstanceProfile(PROFILE);
    await iam.deleteRole({ RoleName: 'node' });
    expect(await refused(iam.getInstanceProfile(PROFILE))).to.equal('NoSuchEntityException');
  });
});
