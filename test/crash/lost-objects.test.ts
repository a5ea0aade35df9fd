import { expect } from 'chai';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import { deleteLost } from './lost-objects.ts';

const tags = { 'eks-dr:run': 'drill-1' };

describe('what a killed Terraform has forgotten', () => {
  it('is what bears the tag of a run and stands in no state; nothing else is deleted', () => {
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

    expect(deleteLost(world)).to.deep.equal(['lost']);
    expect(Object.keys(world.iam.roles)).to.deep.equal([...before, 'kept']);
  });

  it('goes with all that lies in it', () => {
    const world = shopWorld({ services: 'small' });
    world.ec2.regions['eu-central-1'] = {
      vpcs: { 'vpc-1': { id: 'vpc-1', cidr: '10.0.0.0/16', isDefault: false, tags } },
      subnets: {},
      securityGroups: { 'sg-1': { id: 'sg-1', vpcId: 'vpc-1', name: 'default', description: '', rules: [], tags: {} } },
    };
    expect(deleteLost(world)).to.deep.equal(['vpc-1']);
    expect(world.ec2.regions['eu-central-1'].securityGroups).to.deep.equal({});
  });
});
