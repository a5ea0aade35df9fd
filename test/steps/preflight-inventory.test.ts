import { expect } from 'chai';
import { ec2 } from '../../sandbox/ec2/system.ts';
import { iam } from '../../sandbox/iam/system.ts';
import { sts } from '../../sandbox/sts/system.ts';
import { addons } from '../../steps/estate/addons.ts';
import type { Inventory } from '../../steps/inventory/inventory.ts';
import { networkPathFindings } from '../../steps/network-paths/findings.ts';
import { workloadIdentityFindings } from '../../steps/workload-identity/findings.ts';
import { estateWith, runWith } from './context.ts';
import { ACCOUNT, type Remote, startRemote } from './remote.ts';
import { arnOf, PODS } from './roles.ts';

const EC2 = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };

describe('what preflight finds with the inventory', () => {
  let remote: Remote;
  beforeEach(async () => {
    remote = await startRemote([sts, iam, ec2]);
  });
  afterEach(() => remote.stop());

  const makeRole = async (RoleName: string, statement: object) => {
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await (await remote.clients.iam()).createRole({ RoleName, AssumeRolePolicyDocument });
  };
  const account = (serviceAccount: string, roleArn: string) => ({ namespace: 'shop', serviceAccount, roleArn });
  const identityFindings = async (identities: Partial<Inventory['identities']>, section: object = {}) => {
    const inventory = { identities: { annotated: [], associations: [], ...identities } };
    const estate = estateWith({ addons: addons.parse(section) });
    const found = await workloadIdentityFindings({ estate, run: runWith(), clients: remote.clients, inventory });
    return found.map(({ check, severity, message }) => `${severity} ${check}: ${message}`);
  };

  it('is nothing where every role is prepared, or none is used', async () => {
    await makeRole('cart', PODS);
    expect(await identityFindings({})).to.deep.equal([]);
    expect(
      await identityFindings({
        associations: [{ ...account('cart', arnOf('cart')), targetRoleArn: null, policy: null, disableSessionTags: false }],
      }),
    ).to.deep.equal([]);
  });

  it('names the roles that must be written on the night, and those that are gone or of other accounts, in drills too', async () => {
    await makeRole('order', EC2);
    const annotated = [account('order', arnOf('order')), account('gone', arnOf('gone')), account('far', arnOf('far', '444455556666'))];
    expect(await identityFindings({ annotated })).to.deep.equal([
      "warning workload-roles: shop/far would stay without its IAM role: the role lies in account 444455556666, where this run can change nothing, and EKS associates roles of the cluster's account 111122223333 alone.",
      'warning workload-roles: shop/gone would stay without its IAM role: the role gone does not exist (it may have been deleted with the lost cluster).',
      'warning iam-writes: A recovery would write to IAM, whose control plane is in us-east-1 alone: the trust policies of 1 role (order).',
    ]);
  });

  it('names the add-ons for which a role would be made on the night', async () => {
    expect(
      await identityFindings({}, { loadBalancerController: {}, karpenter: { roleArn: arnOf('prepared'), nodePool: {} } }),
    ).to.deep.equal([
      "warning iam-writes: A recovery would write to IAM, whose control plane is in us-east-1 alone: roles for the load balancer controller, Karpenter's nodes.",
    ]);
  });

  it('warns of quotas that are reached', async () => {
    await makeRole('order', EC2);
    const { iam: state } = remote.running.sandbox.world;
    for (let count = 0; count < 100; count += 1) {
      const arn = `arn:aws:iam::${ACCOUNT}:oidc-provider/issuer-${count}`;
      state.oidcProviders[arn] = { arn, url: `issuer-${count}`, clientIds: [], thumbprints: [], tags: {}, createdAt: 0 };
    }
    const role = state.roles.order;
    for (let count = 0; role !== undefined && count < 990; count += 1) state.roles[`role-${count}`] = { ...role, name: `role-${count}` };
    const found = await identityFindings({ annotated: [account('order', arnOf('order'))] });
    expect(found.map((each) => each.split(':')[0])).to.deep.equal(['warning iam-writes', 'warning provider-quota', 'warning role-quota']);
  });

  it('names security groups without a counterpart in the recovery region', async () => {
    const client = await remote.clients.ec2('eu-central-1');
    const { Vpcs = [] } = await client.describeVpcs({});
    await client.createSecurityGroup({ VpcId: Vpcs[0]?.VpcId, GroupName: 'orders-db', Description: 'orders' });
    const rule = (name: string): Inventory['networkPaths']['rules'][number] => ({
      group: `sg-${name}`,
      name,
      nameTag: '',
      vpcId: 'vpc-1',
      region: 'eu-west-1',
      direction: 'ingress',
      protocol: 'tcp',
      from: 5432,
      to: 5432,
      peer: 'sg-primary',
      description: '',
    });
    const networkPaths = { groups: [], rules: [rule('orders-db'), rule('catalog-db')], natAddresses: [], vpcId: 'vpc-1', peerings: [] };
    const found = await networkPathFindings({ estate: estateWith(), run: runWith(), clients: remote.clients, inventory: { networkPaths } });
    expect(found.map(({ check, severity, message }) => `${severity} ${check}: ${message}`)).to.deep.equal([
      'warning security-group-counterparts: catalog-db (sg-catalog-db) in eu-west-1 let in the primary at tcp 5432, and no security group of that name is in eu-central-1.',
    ]);
  });
});
