import {
  DescribeListenersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type TargetHealth,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect } from 'chai';
import { accepts } from '../accepts.ts';
import type { Assertion, Deviation } from '../contract.ts';
import { eventually } from '../eventually.ts';
import { refusalOf } from '../refusal.ts';
import { type Elb, nobody } from './subject.ts';

const HEALTH = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html';
const LISTENERS = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeListeners.html';
const GROUPS = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroups.html';

const AT_ONCE: Deviation = { instead: 'It is healthy at once.', seen: /expected 'healthy' to equal 'initial'/, source: HEALTH };

async function healthOf({ elb }: Elb, TargetGroupArn: string): Promise<TargetHealth | undefined> {
  const { TargetHealthDescriptions = [] } = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
  expect(TargetHealthDescriptions).to.have.length(1);
  expect(TargetHealthDescriptions[0]?.Target).to.include({ Id: '10.0.0.9', Port: 8443 });
  return TargetHealthDescriptions[0]?.TargetHealth;
}

/** Listeners, target groups and the health of targets. */
export const targets: readonly Assertion<Elb>[] = [
  {
    title: 'describes the listeners of a load balancer with their ports and where they forward to',
    concern: 'reads',
    async holds(subject) {
      const { arn, listenerArn, targetGroupArn } = await subject.make();
      const { Listeners = [] } = await subject.elb.send(new DescribeListenersCommand({ LoadBalancerArn: arn }));
      expect(Listeners).to.have.length(1);
      expect(Listeners[0]).to.include({ ListenerArn: listenerArn, LoadBalancerArn: arn, Port: 443, Protocol: 'TCP' });
      expect(Listeners[0]?.DefaultActions?.[0]).to.include({ Type: 'forward', TargetGroupArn: targetGroupArn });
    },
  },
  {
    title: 'describes no listener of a load balancer that does not exist: 400 and LoadBalancerNotFound',
    concern: 'not found',
    source: LISTENERS,
    deviations: { ministack: accepts(LISTENERS) },
    async holds(subject) {
      const refusal = await refusalOf(subject.elb.send(new DescribeListenersCommand({ LoadBalancerArn: nobody(subject) })));
      expect(refusal).to.include({ name: 'LoadBalancerNotFoundException', status: 400 });
    },
  },
  {
    title: 'describes no listener that does not exist: 400 and ListenerNotFound',
    concern: 'not found',
    source: LISTENERS,
    deviations: { ministack: accepts(LISTENERS) },
    async holds(subject) {
      const listener = `${nobody(subject).replace(':loadbalancer/', ':listener/')}/0123456789abcdef`;
      const refusal = await refusalOf(subject.elb.send(new DescribeListenersCommand({ ListenerArns: [listener] })));
      expect(refusal).to.include({ name: 'ListenerNotFoundException', status: 400 });
    },
  },
  {
    title: 'asks of which load balancer or listeners: 400 and ValidationError without',
    concern: 'validation',
    source: LISTENERS,
    deviations: { ministack: accepts(LISTENERS) },
    async holds({ elb }) {
      expect(await refusalOf(elb.send(new DescribeListenersCommand({})))).to.include({ name: 'ValidationError', status: 400 });
    },
  },
  {
    title: 'finds target groups by load balancer, by ARN and by name',
    concern: 'reads',
    async holds(subject) {
      const { elb } = subject;
      const { arn, targetGroupArn } = await subject.make();
      const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({ LoadBalancerArn: arn }));
      expect(TargetGroups).to.have.length(1);
      expect(TargetGroups[0]).to.deep.include({ TargetGroupArn: targetGroupArn, LoadBalancerArns: [arn], Port: 8443, TargetType: 'ip' });
      for (const input of [{ TargetGroupArns: [targetGroupArn] }, { Names: [TargetGroups[0]?.TargetGroupName ?? ''] }]) {
        const found = await elb.send(new DescribeTargetGroupsCommand(input));
        expect(found.TargetGroups?.map(({ TargetGroupArn }) => TargetGroupArn)).to.deep.equal([targetGroupArn]);
      }
    },
  },
  {
    title: 'finds no target group of a name that there is not: 400 and TargetGroupNotFound',
    concern: 'not found',
    source: GROUPS,
    deviations: { ministack: accepts(GROUPS) },
    async holds({ elb }) {
      const refusal = await refusalOf(elb.send(new DescribeTargetGroupsCommand({ Names: ['nobody'] })));
      expect(refusal).to.include({ name: 'TargetGroupNotFoundException', status: 400 });
    },
  },
  {
    title: 'calls a new target initial, with the reason, and then healthy',
    concern: 'consistency',
    source: HEALTH,
    deviations: { ministack: AT_ONCE, moto: AT_ONCE },
    async holds(subject) {
      const { targetGroupArn } = await subject.make();
      const first = await healthOf(subject, targetGroupArn);
      expect(first?.State).to.equal('initial');
      expect(first?.Reason).to.match(/^Elb\./);
      const later = await eventually(
        () => healthOf(subject, targetGroupArn),
        (health) => health?.State !== 'initial',
      );
      expect(later?.State).to.equal('healthy');
    },
  },
  {
    title: 'knows no health of targets of a group that does not exist: 400 and TargetGroupNotFound',
    concern: 'not found',
    async holds({ elb, account }) {
      const TargetGroupArn = `arn:aws:elasticloadbalancing:eu-west-1:${account}:targetgroup/nobody/0123456789abcdef`;
      const refusal = await refusalOf(elb.send(new DescribeTargetHealthCommand({ TargetGroupArn })));
      expect(refusal).to.include({ name: 'TargetGroupNotFoundException', status: 400 });
    },
  },
];
