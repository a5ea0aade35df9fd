import {
  CreateAddonCommand,
  CreateClusterCommand,
  CreateNodegroupCommand,
  DeleteAddonCommand,
  DeleteNodegroupCommand,
  DescribeAddonCommand,
  DescribeNodegroupCommand,
  ListAddonsCommand,
  ListNodegroupsCommand,
} from '@aws-sdk/client-eks';
import { expect } from 'chai';
import { accepts } from '../accepts.ts';
import type { Assertion, Deviation } from '../contract.ts';
import { eventually } from '../eventually.ts';
import { refusalOf } from '../refusal.ts';
import type { Eks } from '../subjects/eks.ts';
import { activeAtOnce } from './active-at-once.ts';
import { makeNodegroup, nodegroupInput } from './nodegroup.ts';

const NODEGROUP = 'https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html';
const ADDON = 'https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html';

const NO_ADDONS: Deviation = { instead: 'It has no add-ons.', seen: /but got 'SyntaxError'/, source: ADDON };

/** Node groups and add-ons of a cluster. */
export const parts: readonly Assertion<Eks>[] = [
  {
    title: 'creates a node group that is CREATING at first and then ACTIVE',
    concern: 'consistency',
    source: NODEGROUP,
    deviations: { ministack: activeAtOnce(NODEGROUP), moto: activeAtOnce(NODEGROUP) },
    async holds(subject) {
      const input = nodegroupInput(subject);
      const { nodegroup } = await subject.eks.send(new CreateNodegroupCommand(input));
      expect(nodegroup?.status).to.equal('CREATING');
      const later = await eventually(
        () => subject.eks.send(new DescribeNodegroupCommand(input)),
        (answer) => answer.nodegroup?.status !== 'CREATING',
      );
      expect(later.nodegroup?.status).to.equal('ACTIVE');
    },
  },
  {
    title: 'describes a node group with its role, its subnets and its size, and lists its name',
    concern: 'reads',
    async holds(subject) {
      const { eks, nodeRole, subnetIds, cluster: clusterName } = subject;
      const names = await makeNodegroup(subject);
      const { nodegroup } = await eks.send(new DescribeNodegroupCommand(names));
      expect(nodegroup).to.deep.include({ ...names, nodeRole, scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 2 } });
      expect(nodegroup?.subnets).to.have.members(subnetIds);
      expect((await eks.send(new ListNodegroupsCommand({ clusterName }))).nodegroups).to.include(names.nodegroupName);
    },
  },
  {
    title: 'refuses a second node group of a name with 409 and ResourceInUseException',
    concern: 'conflicts',
    async holds(subject) {
      const names = await makeNodegroup(subject);
      const refusal = await refusalOf(subject.eks.send(new CreateNodegroupCommand(nodegroupInput(subject, names))));
      expect(refusal).to.include({ name: 'ResourceInUseException', status: 409 });
    },
  },
  {
    title: 'creates no node group that starts below its smallest size: 400 and InvalidParameterException',
    concern: 'validation',
    source: 'https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupScalingConfig.html',
    deviations: {
      ministack: accepts('https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupScalingConfig.html'),
      moto: accepts('https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupScalingConfig.html'),
    },
    async holds(subject) {
      const input = nodegroupInput(subject, { scalingConfig: { minSize: 2, desiredSize: 1, maxSize: 3 } });
      const refusal = await refusalOf(subject.eks.send(new CreateNodegroupCommand(input)));
      expect(refusal).to.include({ name: 'InvalidParameterException', status: 400 });
    },
  },
  {
    title: 'gives a cluster that is not ACTIVE no node group and no add-on: 400 and InvalidRequestException',
    concern: 'conflicts',
    source: NODEGROUP,
    deviations: { ministack: accepts(NODEGROUP), moto: accepts(NODEGROUP) },
    async holds(subject) {
      const { eks, clusterInput } = subject;
      const input = clusterInput();
      await eks.send(new CreateClusterCommand(input));
      const clusterName = input.name;
      const group = await refusalOf(eks.send(new CreateNodegroupCommand(nodegroupInput(subject, { clusterName }))));
      expect(group).to.include({ name: 'InvalidRequestException', status: 400 });
      const addon = await refusalOf(eks.send(new CreateAddonCommand({ clusterName, addonName: 'coredns' })));
      expect(addon).to.include({ name: 'InvalidRequestException', status: 400 });
    },
  },
  {
    title: 'creates no node group in a cluster that does not exist',
    concern: 'not found',
    source: NODEGROUP,
    async holds(subject) {
      const input = nodegroupInput(subject, { clusterName: 'no-such-cluster' });
      const refusal = await refusalOf(subject.eks.send(new CreateNodegroupCommand(input)));
      expect(refusal).to.include({ name: 'ResourceNotFoundException', status: 404 });
    },
  },
  {
    title: 'describes and deletes no node group that does not exist: 404 and ResourceNotFoundException',
    concern: 'not found',
    async holds({ eks, cluster: clusterName }) {
      const names = { clusterName, nodegroupName: 'no-such-group' };
      for (const call of [eks.send(new DescribeNodegroupCommand(names)), eks.send(new DeleteNodegroupCommand(names))])
        expect(await refusalOf(call)).to.include({ name: 'ResourceNotFoundException', status: 404 });
    },
  },
  {
    title: 'deletes a node group: it is DELETING at first, and then gone',
    concern: 'consistency',
    source: 'https://docs.aws.amazon.com/eks/latest/APIReference/API_DeleteNodegroup.html',
    deviations: {
      moto: {
        instead: 'It is gone at once, and called ACTIVE to the end.',
        seen: /expected 'ACTIVE' to equal 'DELETING'/,
        source: 'https://docs.aws.amazon.com/eks/latest/APIReference/API_DeleteNodegroup.html',
      },
    },
    async holds(subject) {
      const { eks } = subject;
      const names = await makeNodegroup(subject);
      await eventually(
        () => eks.send(new DescribeNodegroupCommand(names)),
        (answer) => answer.nodegroup?.status === 'ACTIVE',
      );
      const { nodegroup } = await eks.send(new DeleteNodegroupCommand(names));
      expect(nodegroup?.status).to.equal('DELETING');
      await eventually(
        () => eks.send(new ListNodegroupsCommand(names)),
        (answer) => !answer.nodegroups?.includes(names.nodegroupName),
      );
    },
  },
  {
    title: 'installs an add-on once, and lists it',
    concern: 'writes',
    source: ADDON,
    deviations: { moto: { instead: 'It has no add-ons.', seen: /^SyntaxError: .*<!doctype/, source: ADDON } },
    async holds({ eks, makeCluster }) {
      const names = { clusterName: await makeCluster(), addonName: 'kube-proxy' };
      const { addon } = await eks.send(new CreateAddonCommand(names));
      expect(addon).to.include(names);
      expect((await eks.send(new ListAddonsCommand(names))).addons).to.include('kube-proxy');
      const refusal = await refusalOf(eks.send(new CreateAddonCommand(names)));
      expect(refusal).to.include({ name: 'ResourceInUseException', status: 409 });
    },
  },
  {
    title: 'installs no add-on that it does not have: 400 and InvalidParameterException',
    concern: 'validation',
    source: ADDON,
    deviations: { ministack: accepts(ADDON), moto: NO_ADDONS },
    async holds({ eks, cluster: clusterName }) {
      const refusal = await refusalOf(eks.send(new CreateAddonCommand({ clusterName, addonName: 'no-such-addon' })));
      expect(refusal).to.include({ name: 'InvalidParameterException', status: 400 });
    },
  },
  {
    title: 'describes and deletes no add-on that is not installed: 404 and ResourceNotFoundException',
    concern: 'not found',
    source: ADDON,
    deviations: { moto: NO_ADDONS },
    async holds({ eks, cluster: clusterName }) {
      const names = { clusterName, addonName: 'metrics-server' };
      for (const call of [eks.send(new DescribeAddonCommand(names)), eks.send(new DeleteAddonCommand(names))])
        expect(await refusalOf(call)).to.include({ name: 'ResourceNotFoundException', status: 404 });
    },
  },
];
