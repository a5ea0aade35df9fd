import {
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  DescribeListenersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect } from 'chai';
import { accepts } from '../accepts.ts';
import type { Assertion, Deviation } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import { describeBalancer, type Elb, nobody } from './subject.ts';

const DELETE = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html';
const DELETE_GROUP = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html';
const HEALTH = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html';

const STILL_ON_IT: Deviation = {
  instead: 'The group is still on the load balancer that is gone.',
  seen: /expected \[ \[.*:loadbalancer.*\] \] to deeply equal \[ \[\] \]/s,
  source: DELETE,
};
const STILL_HEALTHY: Deviation = {
  instead: 'They are healthy.',
  seen: /'State' of 'unused', but got 'healthy'/,
  source: HEALTH,
};

const remove = ({ elb }: Elb, arn: string) => elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn }));

/** The way of what a lost cluster left behind. */
export const deletion: readonly Assertion<Elb>[] = [
  {
    title: 'deletes a load balancer with its listeners',
    concern: 'writes',
    source: DELETE,
    deviations: {
      ministack: {
        instead: 'It describes no load balancer, and complains of none.',
        seen: /expected a refusal, got an answer/,
        source: DELETE,
      },
    },
    async holds(subject) {
      const { arn, listenerArn } = await subject.make();
      await remove(subject, arn);
      expect((await refusalOf(describeBalancer(subject, arn))).name).to.equal('LoadBalancerNotFoundException');
      const listener = await refusalOf(subject.elb.send(new DescribeListenersCommand({ ListenerArns: [listenerArn] })));
      expect(listener.name).to.equal('ListenerNotFoundException');
    },
  },
  {
    title: 'deletes what is deleted already, and what never was, without a complaint',
    concern: 'not found',
    source: DELETE,
    async holds(subject) {
      const { arn } = await subject.make();
      await remove(subject, arn);
      await remove(subject, arn);
      await remove(subject, nobody(subject));
    },
  },
  {
    title: 'leaves the target groups of a deleted load balancer behind, on none',
    concern: 'writes',
    source: DELETE,
    deviations: { ministack: STILL_ON_IT, moto: STILL_ON_IT },
    async holds(subject) {
      const { arn, targetGroupArn } = await subject.make();
      await remove(subject, arn);
      const { TargetGroups = [] } = await subject.elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [targetGroupArn] }));
      expect(TargetGroups.map(({ LoadBalancerArns }) => LoadBalancerArns)).to.deep.equal([[]]);
    },
  },
  {
    title: 'calls the targets of a group on no load balancer unused',
    concern: 'reads',
    source: HEALTH,
    deviations: { ministack: STILL_HEALTHY, moto: STILL_HEALTHY },
    async holds(subject) {
      const { arn, targetGroupArn: TargetGroupArn } = await subject.make();
      await remove(subject, arn);
      const { TargetHealthDescriptions = [] } = await subject.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
      expect(TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth)).to.have.length(1);
      expect(TargetHealthDescriptions[0]?.TargetHealth).to.include({ State: 'unused', Reason: 'Target.NotInUse' });
    },
  },
  {
    title: 'keeps a target group that a listener forwards to: 400 and ResourceInUse',
    concern: 'conflicts',
    source: DELETE_GROUP,
    deviations: { ministack: accepts(DELETE_GROUP) },
    async holds(subject) {
      const { arn, targetGroupArn: TargetGroupArn } = await subject.make();
      const refusal = await refusalOf(subject.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn })));
      expect(refusal).to.include({ name: 'ResourceInUseException', status: 400 });
      await remove(subject, arn);
      await subject.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn }));
    },
  },
];
