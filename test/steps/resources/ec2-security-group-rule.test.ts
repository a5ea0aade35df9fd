import { expect } from 'chai';
import { ec2 } from '../../../sandbox/ec2/system.ts';
import { iam } from '../../../sandbox/iam/system.ts';
import { sts } from '../../../sandbox/sts/system.ts';
import { ec2SecurityGroupRule } from '../../../steps/resources/ec2-security-group-rule.ts';
import { failure } from '../../failure.ts';
import { REGION, RUN } from '../cluster.ts';
import { type Driving, driving } from '../driving.ts';
import { type Remote, startRemote } from '../remote.ts';

const wanted = { description: 'PostgreSQL for shop-drill-1', run: RUN };

describe('the driver of security group rules', () => {
  let remote: Remote;
  let rules: Driving;
  beforeEach(async () => {
    remote = await startRemote([sts, iam, ec2]);
    rules = driving(ec2SecurityGroupRule, remote.clients);
  });
  afterEach(() => remote.stop());

  async function makeGroup(name: string, tags: Record<string, string> = {}): Promise<string> {
    const client = await remote.clients.ec2(REGION);
    const { Vpcs = [] } = await client.describeVpcs({});
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const TagSpecifications = Tags.length === 0 ? [] : [{ ResourceType: 'security-group' as const, Tags }];
    const input = { VpcId: Vpcs[0]?.VpcId, GroupName: name, Description: name, TagSpecifications };
    return (await client.createSecurityGroup(input)).GroupId ?? '';
  }
  const idOf = (group: string, peer: string) => ({
    region: REGION,
    group,
    direction: 'ingress',
    protocol: 'tcp',
    from: '5432',
    to: '5432',
    peer,
  });

  it('answers a conflict for a rule that was made since the last look, so that a second look finds it done', async () => {
    const id = idOf(await makeGroup('database'), '10.0.0.0/16');
    const seen = await rules.look(id, null, wanted);
    await rules.write(id, null, wanted);
    await failure('conflict', rules.write(id, null, wanted, seen));
    expect((await rules.look(id, null, wanted)).at).to.equal('after');
  });

  it('tells a rule from others of the group by ports and peer', async () => {
    const [group, peer] = [await makeGroup('database'), await makeGroup('nodes')];
    await rules.write(idOf(group, peer), null, wanted);
    expect(await rules.now({ ...idOf(group, peer), to: '5433' })).to.equal(null);
    expect(await rules.now({ ...idOf(group, peer), direction: 'egress' })).to.equal(null);
    expect(await rules.now(idOf(group, '10.0.0.0/16'))).to.equal(null);
    expect(await rules.now(idOf(group, peer))).to.deep.equal(wanted);
  });

  it('revokes a rule that is gone already', async () => {
    const id = idOf(await makeGroup('database'), '10.0.0.0/16');
    await rules.write(id, null, wanted);
    const seen = await rules.look(id, wanted, null);
    await rules.write(id, wanted, null, seen);
    await rules.write(id, wanted, null, seen);
    expect(await rules.now(id)).to.equal(null);
  });

  it("takes what lies in production's groups for production's, and what lies in groups for drills for theirs or a run's", async () => {
    const production = idOf(await makeGroup('database'), '10.0.0.0/16');
    await rules.write(production, null, wanted);
    expect((await rules.owner(production)).kind).to.equal('other');
    const drill = idOf(await makeGroup('database-drill', { 'eks-dr:scope': 'drill' }), '10.0.0.0/16');
    expect(await rules.owner(drill)).to.deep.equal({ kind: 'drill-scope', scope: 'drill' });
    await rules.write(drill, null, wanted);
    expect(await rules.owner(drill)).to.deep.equal({ kind: 'run', run: RUN });
    expect((await rules.owner(idOf('sg-0123456789abcdef0', '10.0.0.0/16'))).kind).to.equal('other');
  });

  it('tells what to do when a group is full', async () => {
    const group = await makeGroup('database');
    const client = await remote.clients.ec2(REGION);
    const IpRanges = Array.from({ length: 60 }, (_, index) => ({ CidrIp: `10.0.${index}.0/24` }));
    await client.authorizeSecurityGroupIngress({
      GroupId: group,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 1, ToPort: 1, IpRanges }],
    });
    const error = await failure('remote-refused', rules.write(idOf(group, '10.9.0.0/16'), null, wanted));
    expect(error.remedy).to.match(/^Take out rules for clusters that are gone/);
  });
});
