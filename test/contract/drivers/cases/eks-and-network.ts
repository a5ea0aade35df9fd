import { RUN_TAG } from '../../../../steps/naming.ts';
import { ec2SecurityGroupRule } from '../../../../steps/resources/ec2-security-group-rule.ts';
import { eksPodIdentityAssociation } from '../../../../steps/resources/eks-pod-identity-association.ts';
import { unique } from '../../unique.ts';
import type { LawWorld } from '../world.ts';
import type { LawCase } from './case.ts';

const TAG = 'https://docs.aws.amazon.com/eks/latest/APIReference/API_TagResource.html';
const DESCRIPTION = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UpdateSecurityGroupRuleDescriptionsIngress.html';

const NARROW = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:Get*', Resource: '*' }] });
const REGION = 'eu-central-1';
/** IAM tells EKS of a new role after some seconds. */
const SPREAD_SECONDS = 30;

/** A role that lets the pods of EKS in; its ARN. */
async function podRole({ clients }: Pick<LawWorld, 'clients'>): Promise<string> {
  const statement = { Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: ['sts:AssumeRole', 'sts:TagSession'] };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const { Role } = await (await clients.iam()).createRole({ RoleName: unique('law'), AssumeRolePolicyDocument });
  return Role?.Arn ?? '';
}

const association: LawCase = {
  driver: eksPodIdentityAssociation,
  referees: ['ministack'],
  async arrange(world) {
    const { clients, newEksCluster, run } = world;
    const cluster = await newEksCluster();
    const [one, other] = [await podRole(world), await podRole(world)];
    await clients.clock.sleep(SPREAD_SECONDS, clients.signal);
    const state = (roleArn: string, targetRoleArn: string | null = null) => ({ desired: { roleArn, targetRoleArn, run } });
    return [
      { id: { ...cluster, namespace: 'cart', serviceAccount: 'cart' }, states: [state(one), state(other)] },
      {
        id: { ...cluster, namespace: 'cart', serviceAccount: 'narrow' },
        states: [{ desired: { roleArn: one, targetRoleArn: null, policy: NARROW, disableSessionTags: true, run } }],
      },
      {
        id: { ...cluster, namespace: 'cart', serviceAccount: 'far' },
        states: [state(one, 'arn:aws:iam::444455556666:role/far'), state(other, 'arn:aws:iam::444455556666:role/further')],
      },
    ];
  },
};

const associationMark: LawCase = {
  driver: eksPodIdentityAssociation,
  part: 'the mark of the run',
  referees: ['ministack'],
  deviations: {
    ministack: { instead: 'It tags no pod identity associations.', seen: /Invalid resourceArn: \S+:podidentityassociation/, source: TAG },
  },
  source: TAG,
  async arrange(world) {
    const { clients, newEksCluster, run } = world;
    const cluster = await newEksCluster();
    const roleArn = await podRole(world);
    await clients.clock.sleep(SPREAD_SECONDS, clients.signal);
    const state = (mark: string | null) => ({ desired: { roleArn, targetRoleArn: null, run: mark } });
    return [{ id: { ...cluster, namespace: 'cart', serviceAccount: 'cart' }, states: [state(null), state(run), state(null)] }];
  },
};

/** Two groups of the run in one VPC. */
async function groups({ clients, run }: LawWorld): Promise<[string, string]> {
  const ec2 = await clients.ec2(REGION);
  const { Vpc } = await ec2.createVpc({ CidrBlock: '10.0.0.0/16' });
  const group = async (): Promise<string> => {
    const GroupName = unique('law');
    const TagSpecifications = [{ ResourceType: 'security-group' as const, Tags: [{ Key: RUN_TAG, Value: run }] }];
    const { GroupId = '' } = await ec2.createSecurityGroup({ VpcId: Vpc?.VpcId, GroupName, Description: 'law', TagSpecifications });
    return GroupId;
  };
  return [await group(), await group()];
}

const rule: LawCase = {
  driver: ec2SecurityGroupRule,
  referees: ['ministack', 'moto'],
  async arrange(world) {
    const [group, other] = await groups(world);
    const { run } = world;
    const at = { region: REGION, group };
    const states = [{ desired: { description: '', run } }];
    return [
      { id: { ...at, direction: 'ingress', protocol: 'tcp', from: '5432', to: '5432', peer: other }, states },
      {
        id: { ...at, direction: 'ingress', protocol: 'tcp', from: '6379', to: '6380', peer: '10.20.0.0/16' },
        states: [{ desired: { description: 'Redis', run } }],
      },
      { id: { ...at, direction: 'egress', protocol: 'udp', from: '53', to: '53', peer: other }, states },
      { id: { ...at, direction: 'ingress', protocol: '-1', from: '-1', to: '-1', peer: other }, states },
    ];
  },
};

const ruleDescription: LawCase = {
  driver: ec2SecurityGroupRule,
  part: 'its description',
  referees: ['ministack', 'moto'],
  deviations: {
    ministack: { instead: 'It does not know UpdateSecurityGroupRuleDescriptionsIngress.', seen: /Unknown EC2 action/, source: DESCRIPTION },
    moto: {
      instead: 'It forgets the description of a rule whose peer is a group.',
      seen: /not to be seen within 30 s \(found \{"description":""/,
      source: DESCRIPTION,
    },
  },
  source: DESCRIPTION,
  async arrange(world) {
    const [group, peer] = await groups(world);
    const state = (description: string) => ({ desired: { description, run: world.run } });
    const id = { region: REGION, group, protocol: 'tcp', from: '5432', to: '5432' };
    const states = [state('PostgreSQL'), state('PostgreSQL for shop-1'), state('')];
    return [
      { id: { ...id, direction: 'ingress', peer }, states },
      { id: { ...id, direction: 'egress', peer: '10.20.0.0/16' }, states },
    ];
  },
};

const ruleMark: LawCase = {
  driver: ec2SecurityGroupRule,
  part: 'the mark of the run, and no description',
  referees: ['ministack', 'moto'],
  async arrange(world) {
    const [group, peer] = await groups(world);
    const state = (run: string | null) => ({ desired: { description: '', run } });
    const id = { region: REGION, group, direction: 'ingress', protocol: 'tcp', from: '5432', to: '5432', peer };
    return [{ id, states: [state(null), state(world.run), state(null)] }];
  },
};

export const eksAndNetworkCases: readonly LawCase[] = [association, associationMark, rule, ruleDescription, ruleMark];
