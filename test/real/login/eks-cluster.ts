import { CreateClusterCommand, DescribeClusterCommand, EKSClient, type EKSClientConfig } from '@aws-sdk/client-eks';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';

const ROLE = 'shop-eks-cluster';
const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'eks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/** Makes an EKS cluster that takes access entries, unless there is one of the name. */
export async function ensureEksCluster(config: EKSClientConfig, name: string): Promise<void> {
  const eks = new EKSClient(config);
  const found = await eks.send(new DescribeClusterCommand({ name })).catch(unless('ResourceNotFoundException'));
  if (found !== null) return;
  const role = { RoleName: ROLE, AssumeRolePolicyDocument: JSON.stringify(TRUST) };
  const made = await new IAMClient(config).send(new CreateRoleCommand(role)).catch(unless('EntityAlreadyExistsException'));
  const roleArn = made?.Role?.Arn ?? `arn:aws:iam::000000000000:role/${ROLE}`;
  const resourcesVpcConfig = { subnetIds: ['subnet-00000001', 'subnet-00000002'] };
  const cluster = { name, roleArn, resourcesVpcConfig, accessConfig: { authenticationMode: 'API' as const } };
  await eks.send(new CreateClusterCommand(cluster)).catch(unless('ResourceInUseException'));
}

/** Null for an error of this name: somebody else was there first. */
function unless(name: string): (thrown: Error) => null {
  return (thrown) => {
    if (thrown.name === name) return null;
    throw thrown;
  };
}
