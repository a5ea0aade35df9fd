import { expect } from 'chai';
import { startFullSandbox } from '../../sandbox/start.ts';
import type { World } from '../../sandbox/world.ts';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import { deleteLost } from './lost-objects.ts';

const tags = { 'eks-dr:run': 'drill-1' };

async function deletedFrom(world: World): Promise<string[]> {
  const running = await startFullSandbox({ world, scale: 1 });
  try {
    return deleteLost(running.sandbox);
  } finally {
    await running.stop();
  }
}

describe('what a killed Terraform has forgotten', () => {
  it('is what bears the tag of a run and stands in no state; nothing else is deleted', async () => {
    const world = shopWorld({ services: 'small' });
    const [template] = Object.values(world.iam.roles);
    if (template === undefined) throw new Error('the world has no role');
    const before = Object.keys(world.iam.roles);
    for (const name of ['kept', 'lost']) world.iam.roles[name] = { ...template, name, tags };
    const state = { resources: [{ instances: [{ attributes: { id: 'kept' } }] }] };
    const [bucket] = Object.values(world.s3.buckets);
    if (bucket === undefined) throw new Error('the world has no bucket');
    const body = Buffer.from(JSON.stringify(state)).toString('base64');
    bucket.objects['eks-dr/drill-1.tfstate'] = { body, etag: '', contentType: 'application/json', metadata: {}, lastModified: 0 };

    expect(await deletedFrom(world)).to.deep.equal(['lost']);
    expect(Object.keys(world.iam.roles)).to.deep.equal([...before, 'kept']);
  });

  it('goes with all that lies in it', async () => {
    const world = shopWorld({ services: 'small' });
    world.ec2.regions['eu-central-1'] = {
      vpcs: { 'vpc-1': { id: 'vpc-1', cidr: '10.0.0.0/16', isDefault: false, tags } },
      subnets: {},
      securityGroups: { 'sg-1': { id: 'sg-1', vpcId: 'vpc-1', name: 'default', description: '', rules: [], tags: {} } },
      natGateways: {},
      peerings: {},
      instances: {},
      volumes: {},
      networkInterfaces: {},
      launchTemplates: {},
    };
    expect(await deletedFrom(world)).to.deep.equal(['vpc-1']);
    expect(world.ec2.regions['eu-central-1'].securityGroups).to.deep.equal({});
  });

  it('takes the nodes of a node group along', async () => {
    const world = shopWorld({ services: 'small' });
    const [cluster] = Object.values(world.eks.clusters);
    const [group] = Object.values(cluster?.nodegroups ?? {});
    if (cluster === undefined || group === undefined) throw new Error('the world has no node group');
    group.tags['eks-dr:run'] = 'drill-1';
    const nodes = () => Object.keys(world.kubernetes.clusters[`${cluster.region}/${cluster.name}`]?.objects['core/nodes'] ?? {});
    expect(nodes()).not.to.deep.equal([]);
    expect(await deletedFrom(world)).to.deep.equal([`${cluster.name}:${group.name}`]);
    expect(nodes()).to.deep.equal([]);
  });
});
