import {
  DescribeLoadBalancersCommand,
  type DescribeLoadBalancersCommandInput,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect } from 'chai';
import { accepts } from '../accepts.ts';
import type { Assertion, Deviation } from '../contract.ts';
import { eventually } from '../eventually.ts';
import { everyPage } from '../every-page.ts';
import { refusalOf } from '../refusal.ts';
import { describeBalancer, type Elb, nobody } from './subject.ts';

const DESCRIBE = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeLoadBalancers.html';
const ENDPOINTS = 'https://docs.aws.amazon.com/general/latest/gr/elb.html';
const NAMES = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html';
const STATES = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerState.html';

const ask = ({ elb }: Elb, input: DescribeLoadBalancersCommandInput) => elb.send(new DescribeLoadBalancersCommand(input));

async function arnsFound(subject: Elb, input: DescribeLoadBalancersCommandInput): Promise<(string | undefined)[]> {
  const { LoadBalancers = [] } = await ask(subject, input);
  return LoadBalancers.map(({ LoadBalancerArn }) => LoadBalancerArn);
}

const OTHER_DNS_NAME: Deviation = {
  instead: 'The name has another form.',
  seen: /expected 'edge-.*' to match/,
  source: NAMES,
};
const AT_ONCE: Deviation = { instead: 'It is active at once.', seen: /expected 'active' to equal 'provisioning'/, source: STATES };

export const balancers: readonly Assertion<Elb>[] = [
  {
    title: 'describes a load balancer with its type, its scheme and its subnets',
    concern: 'reads',
    async holds(subject) {
      const { arn, name } = await subject.make();
      const found = await describeBalancer(subject, arn);
      expect(found).to.include({ LoadBalancerArn: arn, LoadBalancerName: name, Type: 'network', Scheme: 'internal' });
      expect(arn).to.match(new RegExp(`^arn:aws:elasticloadbalancing:eu-west-1:${subject.account}:loadbalancer/(\\w+/)?${name}/`));
      expect(found.AvailabilityZones?.map(({ SubnetId }) => SubnetId)).to.have.members(subject.subnetIds);
      expect(found.CreatedTime).to.be.instanceOf(Date);
    },
  },
  {
    title: 'names the VPC of the subnets of a load balancer',
    concern: 'reads',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html',
    deviations: {
      ministack: {
        instead: 'It names a VPC that does not exist.',
        seen: /expected 'vpc-00000001' to equal/,
        source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html',
      },
    },
    async holds(subject) {
      const { arn } = await subject.make();
      expect((await describeBalancer(subject, arn)).VpcId).to.equal(subject.vpcId);
    },
  },
  {
    title: 'gives a network load balancer a DNS name of its name, its id and its region',
    concern: 'reads',
    source: NAMES,
    deviations: { ministack: OTHER_DNS_NAME, moto: OTHER_DNS_NAME },
    async holds(subject) {
      const { arn, name } = await subject.make();
      const found = await describeBalancer(subject, arn);
      expect(found.DNSName).to.match(new RegExp(`^${name}-[0-9a-f]{16}\\.elb\\.eu-west-1\\.amazonaws\\.com$`));
    },
  },
  {
    title: 'names the hosted zone that alias records point to: that of its region and type',
    concern: 'reads',
    source: ENDPOINTS,
    deviations: {
      ministack: {
        instead: 'It names the zone of application load balancers in another region.',
        seen: /expected 'Z35SXDOTRQ7X7K' to equal/,
        source: ENDPOINTS,
      },
      moto: { instead: 'It names a zone that there is not.', seen: /expected 'Z2P70J7EXAMPLE' to equal/, source: ENDPOINTS },
    },
    async holds(subject) {
      const { arn } = await subject.make();
      expect((await describeBalancer(subject, arn)).CanonicalHostedZoneId).to.equal('Z2IFOLAFXWLO4F');
    },
  },
  {
    title: 'calls a new load balancer provisioning, and then active',
    concern: 'consistency',
    source: STATES,
    deviations: { ministack: AT_ONCE, moto: AT_ONCE },
    async holds(subject) {
      const { arn } = await subject.make();
      expect((await describeBalancer(subject, arn)).State?.Code).to.equal('provisioning');
      const later = await eventually(
        () => describeBalancer(subject, arn),
        ({ State }) => State?.Code !== 'provisioning',
      );
      expect(later.State?.Code).to.equal('active');
    },
  },
  {
    title: 'finds load balancers by name and by ARN, and all of them when nothing is asked for',
    concern: 'reads',
    async holds(subject) {
      const [one, other] = [await subject.make(), await subject.make()];
      expect(await arnsFound(subject, { Names: [one.name] })).to.deep.equal([one.arn]);
      expect(await arnsFound(subject, { LoadBalancerArns: [other.arn, one.arn] })).to.have.members([one.arn, other.arn]);
      expect(await arnsFound(subject, {})).to.include.members([one.arn, other.arn]);
    },
  },
  {
    title: 'finds none when one of several does not exist: 400 and LoadBalancerNotFound',
    concern: 'not found',
    source: DESCRIBE,
    deviations: { ministack: accepts(DESCRIBE), moto: accepts(DESCRIBE) },
    async holds(subject) {
      const { arn, name } = await subject.make();
      for (const input of [{ Names: ['nobody'] }, { Names: [name, 'nobody'] }, { LoadBalancerArns: [arn, nobody(subject)] }]) {
        const refusal = await refusalOf(ask(subject, input));
        expect(refusal, JSON.stringify(input)).to.include({ name: 'LoadBalancerNotFoundException', status: 400 });
      }
    },
  },
  {
    title: 'finds load balancers in the region that is asked, and in no other',
    concern: 'reads',
    async holds(subject) {
      const { arn } = await subject.make();
      const elsewhere = { ...subject, elb: new ElasticLoadBalancingV2Client(subject.config({ region: 'eu-central-1' })) };
      expect(await arnsFound(elsewhere, {})).not.to.include(arn);
    },
  },
  {
    title: 'describes load balancers page by page, none twice and none left out',
    concern: 'paging',
    source: DESCRIBE,
    deviations: { ministack: { instead: 'It gives all at once.', seen: /to have a length within 1\.\.2/, source: DESCRIBE } },
    async holds(subject) {
      const made = [await subject.make(), await subject.make(), await subject.make()];
      const all = await everyPage(async (Marker) => {
        const page = await ask(subject, { PageSize: 2, Marker });
        expect(page.LoadBalancers).to.have.length.within(1, 2);
        return [page.LoadBalancers, page.NextMarker];
      });
      const arns = all.map(({ LoadBalancerArn }) => LoadBalancerArn);
      expect(arns).to.include.members(made.map(({ arn }) => arn));
      expect(new Set(arns)).to.have.property('size', arns.length);
    },
  },
  {
    title: 'takes pages of 1 to 400 load balancers only: 400 and ValidationError',
    concern: 'validation',
    source: DESCRIBE,
    deviations: {
      ministack: accepts(DESCRIBE),
      moto: { instead: 'It fails with 500.', seen: /name: 'Error', status: 500/, source: DESCRIBE },
    },
    async holds(subject) {
      for (const PageSize of [0, 401])
        expect(await refusalOf(ask(subject, { PageSize }))).to.include({ name: 'ValidationError', status: 400 });
    },
  },
];
