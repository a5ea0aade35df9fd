import { CreateClusterCommand, type CreateClusterCommandInput } from '@aws-sdk/client-eks';
import { expect } from 'chai';
import { accepts } from '../accepts.ts';
import type { Assertion } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import type { Eks } from '../subjects/eks.ts';
import { unique } from '../unique.ts';

const CREATE = 'https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html';
const NETWORK = 'https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html';

/** An assertion that EKS creates no cluster of such an input. */
function refuses(what: string, source: string, change: (subject: Eks) => Partial<CreateClusterCommandInput>): Assertion<Eks> {
  return {
    title: `creates no cluster ${what}: 400 and InvalidParameterException`,
    concern: 'validation',
    source,
    deviations: { ministack: accepts(source), moto: accepts(source) },
    async holds(subject) {
      const refusal = await refusalOf(subject.eks.send(new CreateClusterCommand(subject.clusterInput(change(subject)))));
      expect(refusal).to.include({ name: 'InvalidParameterException', status: 400 });
    },
  };
}

export const clusterValidation: readonly Assertion<Eks>[] = [
  refuses('whose name has a dot', CREATE, () => ({ name: `${unique('shop')}.prod` })),
  refuses('whose name has more than 100 characters', CREATE, () => ({ name: unique('a').padEnd(101, 'a') })),
  refuses('of a Kubernetes version that there is not', CREATE, () => ({ version: '1.2' })),
  refuses('for a role that does not exist', CREATE, ({ account }) => ({ roleArn: `arn:aws:iam::${account}:role/nobody` })),
  refuses('in one availability zone alone', NETWORK, ({ subnetIds }) => ({ resourcesVpcConfig: { subnetIds: [subnetIds[0]] } })),
  refuses('in subnets that do not exist', NETWORK, () => ({
    resourcesVpcConfig: { subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'] },
  })),
  refuses('with a security group that does not exist', NETWORK, ({ subnetIds }) => ({
    resourcesVpcConfig: { subnetIds: [...subnetIds], securityGroupIds: ['sg-0123456789abcdef0'] },
  })),
  refuses('of an unknown authentication mode', CREATE, () => ({ accessConfig: { authenticationMode: 'KERBEROS' as 'API' } })),
  refuses('with aws-auth alone that its creator may not enter', CREATE, () => ({
    accessConfig: { authenticationMode: 'CONFIG_MAP', bootstrapClusterCreatorAdminPermissions: false },
  })),
  refuses('with more than 50 tags', CREATE, () => ({
    tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key-${index}`, ''])),
  })),
];
