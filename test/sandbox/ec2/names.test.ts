import { expect } from 'chai';
import { groupName, lastingName, subnetName, vpcName } from '../../../sandbox/ec2/names.ts';
import type { Ec2Region } from '../../../sandbox/ec2/state.ts';

function region(suffix: string): Ec2Region {
  const [vpc, subnet, group] = [`vpc-${suffix}`, `subnet-${suffix}`, `sg-${suffix}`];
  return {
    vpcs: { [vpc]: { id: vpc, cidr: '10.0.0.0/16', isDefault: false, tags: { Name: 'shop' } } },
    subnets: {
      [subnet]: { id: subnet, vpcId: vpc, cidr: '10.0.1.0/24', zone: 'eu-west-1a', isDefault: false, mapPublicIp: false, tags: {} },
    },
    securityGroups: { [group]: { id: group, vpcId: vpc, name: 'nodes', description: '', rules: [], tags: {} } },
    natGateways: {},
    peerings: {},
    instances: {},
    volumes: {},
    networkInterfaces: {},
    launchTemplates: {},
  };
}

describe('the names of networks in dumps', () => {
  it('do not depend on the ids that EC2 gave', () => {
    const names = ['1', '2'].map((suffix) => {
      const network = region(suffix);
      return [vpcName(network.vpcs[`vpc-${suffix}`]), subnetName(network, `subnet-${suffix}`), groupName(network, `sg-${suffix}`)];
    });
    expect(names[0]).to.deep.equal(['shop', 'shop/eu-west-1a 10.0.1.0/24', 'shop/nodes']);
    expect(names[1]).to.deep.equal(names[0]);
  });

  it('leave out the id that ends the name of the security group of an EKS cluster', () => {
    expect(lastingName({ name: 'eks-cluster-sg-shop-b-7e0e683d' })).to.equal('eks-cluster-sg-shop-b');
    expect(lastingName({ name: 'shop-b-7e0e683d' })).to.equal('shop-b-7e0e683d');
  });

  it('say of what is not there that it is unknown', () => {
    expect([vpcName(undefined), subnetName(undefined, 'subnet-1'), groupName(region('1'), 'sg-2')]).to.deep.equal([
      'unknown',
      'unknown',
      'unknown',
    ]);
  });
});
