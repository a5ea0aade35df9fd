import {
  CreateClusterCommand,
  type CreateClusterCommandInput,
  DeleteClusterCommand,
  DeleteNodegroupCommand,
  DescribeClusterCommand,
  EKSClient,
  InvalidParameterException,
  ListNodegroupsCommand,
} from '@aws-sdk/client-eks';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import type { Opened } from '../contract.ts';
import { eventually } from '../eventually.ts';
import { unique } from '../unique.ts';
import type { Aws } from './aws.ts';
import { makeNetwork, type Network } from './network.ts';

type ClusterInput = CreateClusterCommandInput & { readonly name: string };

/** EKS with what every cluster needs, and a cluster that is ACTIVE. */
export interface Eks extends Aws, Network {
  readonly eks: EKSClient;
  /** Shared by the assertions, which make things of their own in it. */
  readonly cluster: string;
  /** Roles that exist: of the cluster, and of its nodes. */
  readonly roleArn: string;
  readonly nodeRole: string;
  /** What creates a cluster of a new name, whose access is managed by access entries alone. */
  clusterInput(overrides?: Partial<CreateClusterCommandInput>): ClusterInput;
  /** A new cluster that is ACTIVE; its name. */
  makeCluster(overrides?: Parameters<Eks['clusterInput']>[0]): Promise<string>;
}

const CLUSTERS = { service: 'eks.amazonaws.com', actions: ['sts:AssumeRole'] };

/** Adds to an AWS that was opened what the contracts of EKS need. */
export async function openedEks(opened: Opened<Aws>): Promise<Opened<Eks>> {
  const names: string[] = [];
  const subject = await arrange(opened.subject, names);
  return {
    subject,
    // Referees outlive a test.
    close: async () => {
      await Promise.all(names.map((name) => remove(subject.eks, name).catch(() => undefined)));
      await opened.close();
    },
  };
}

/** A new role that a service may assume; its ARN. */
export async function makeRole(
  aws: Aws,
  { service, actions }: { readonly service: string; readonly actions: readonly string[] } = CLUSTERS,
): Promise<string> {
  const statement = { Effect: 'Allow', Principal: { Service: service }, Action: actions };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const command = new CreateRoleCommand({ RoleName: unique('role'), AssumeRolePolicyDocument });
  const { Role } = await new IAMClient(aws.config()).send(command);
  return Role?.Arn ?? '';
}

async function remove(eks: EKSClient, name: string): Promise<void> {
  const { nodegroups = [] } = await eks.send(new ListNodegroupsCommand({ clusterName: name }));
  for (const nodegroupName of nodegroups) await eks.send(new DeleteNodegroupCommand({ clusterName: name, nodegroupName }));
  await eks.send(new DeleteClusterCommand({ name }));
}

async function arrange(aws: Aws, names: string[]): Promise<Eks> {
  const eks = new EKSClient(aws.config());
  const network = await makeNetwork(aws);
  const [roleArn, nodeRole] = [await makeRole(aws), await makeRole(aws)];
  const clusterInput: Eks['clusterInput'] = (overrides = {}) => {
    const name = overrides.name ?? unique('cluster');
    names.push(name);
    return {
      roleArn,
      version: '1.34',
      resourcesVpcConfig: { subnetIds: [...network.subnetIds] },
      accessConfig: { authenticationMode: 'API' },
      ...overrides,
      name,
    };
  };
  const makeCluster: Eks['makeCluster'] = (overrides) => makeActive(eks, clusterInput(overrides));
  const cluster = await makeCluster();
  return { ...aws, ...network, eks, cluster, roleArn, nodeRole, clusterInput, makeCluster };
}

/** IAM tells other services of a new role after some seconds: until then EKS refuses it. */
async function makeActive(eks: EKSClient, input: ClusterInput): Promise<string> {
  const create = () => eks.send(new CreateClusterCommand(input)).catch((thrown: unknown) => thrown);
  const created = await eventually(create, (answer) => !(answer instanceof InvalidParameterException));
  if (created instanceof Error) throw created;
  await eventually(
    () => eks.send(new DescribeClusterCommand({ name: input.name })),
    (answer) => answer.cluster?.status === 'ACTIVE',
  );
  return input.name;
}
