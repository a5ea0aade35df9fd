import type { DescribeClusterCommandOutput } from '@aws-sdk/client-eks';
import * as z from 'zod';
import { accessRoles } from './checks/access-roles.ts';
import { awsIdentity } from './checks/aws-identity.ts';
import { eksRoom } from './checks/eks-room.ts';
import { permissionsOf, reads } from './cluster-rights.ts';
import { createCluster } from './create-cluster.ts';
import type { Estate } from './estate/estate.ts';
import { EksDrError } from './kit/errors.ts';
import { kubeconfigOf } from './kubeconfig.ts';
import { eksAccessEntry } from './resources/eks-access-entry.ts';
import { eksAccessPolicy } from './resources/eks-access-policy.ts';
import { defineStep } from './step.ts';
import { clusterActive } from './waits/cluster-active.ts';
import { kubernetesApiAnswers } from './waits/kubernetes-api-answers.ts';
import { kubernetesDeploymentAvailable } from './waits/kubernetes-deployment-available.ts';
import { kubernetesNodeReady } from './waits/kubernetes-node-ready.ts';
import { kubernetesPermission } from './waits/kubernetes-permission.ts';
import { podIdentityAgentReady } from './waits/pod-identity-agent-ready.ts';

export const connectCluster = defineStep({
  id: 'connect-cluster',
  title: 'Open the new cluster to us and to Argo CD',
  needs: { created: createCluster },
  reads: ['access', 'addons', 'argocd'],
  outputs: z.object({
    cluster: z.string(),
    region: z.string(),
    endpoint: z.string(),
    /** Base64 of the CA's PEM. */
    ca: z.string(),
    version: z.string(),
    accountId: z.string(),
    vpcId: z.string(),
    /** The group that EKS made for the control plane and its nodes. */
    clusterSecurityGroupId: z.string(),
    /** The address of the cluster's OIDC issuer. */
    oidcIssuer: z.string(),
  }),
  drivers: [eksAccessEntry, eksAccessPolicy],
  waits: [
    clusterActive,
    kubernetesApiAnswers,
    kubernetesPermission,
    kubernetesNodeReady,
    kubernetesDeploymentAvailable,
    podIdentityAgentReady,
  ],
  checks: [awsIdentity, eksRoom, accessRoles],
  onCluster: [...reads('', 'nodes'), ...reads('apps', 'deployments', 'daemonsets')],

  async describe({ estate, run, needs: { created }, allSteps }) {
    const { region, cluster } = created;
    const principals = principalsOf(estate);
    return [
      clusterActive.for({ region, cluster }),
      principals.map(({ principalArn, groups }) =>
        eksAccessEntry.resource({ region, cluster, principalArn }, { type: 'STANDARD', groups, run: run.id }),
      ),
      principals.flatMap(({ principalArn, policies }) =>
        policies.map((policy) => eksAccessPolicy.resource({ region, cluster, principalArn, policy }, { scope: 'cluster', namespaces: [] })),
      ),
      kubernetesApiAnswers.for({ region, cluster }),
      kubernetesPermission.for({ region, cluster, permissions: permissionsOf(await allSteps()) }),
      kubernetesNodeReady.for({ region, cluster }),
      kubernetesDeploymentAvailable.for({ region, cluster, namespace: 'kube-system', name: 'coredns' }),
      ...(usesPodIdentity(estate.addons) ? [podIdentityAgentReady.for({ region, cluster })] : []),
    ];
  },

  async finish({ clients, needs: { created } }) {
    const { region, cluster, accountId } = created;
    const [{ endpoint, ca, version }, described] = await Promise.all([
      clients.kubernetes({ region, cluster }),
      (await clients.eks(region)).describeCluster({ name: cluster }),
    ]);
    return { cluster, region, endpoint, ca, version, accountId, ...surroundingsOf(cluster, described) };
  },

  files: (outputs) => ({ 'kubeconfig.yaml': kubeconfigOf(outputs) }),
});

/** Whether a controller that a later step installs gets its role from the agent. */
function usesPodIdentity({ loadBalancerController, karpenter }: Estate['addons']): boolean {
  return [loadBalancerController, karpenter].some((addon) => addon?.identity === 'pod-identity');
}

/** What later steps must know of the VPC and the issuer. Throws `remote-answer-invalid` where EKS leaves it out. */
function surroundingsOf(name: string, { cluster }: DescribeClusterCommandOutput) {
  const vpcId = cluster?.resourcesVpcConfig?.vpcId;
  const clusterSecurityGroupId = cluster?.resourcesVpcConfig?.clusterSecurityGroupId;
  const oidcIssuer = cluster?.identity?.oidc?.issuer;
  if (vpcId !== undefined && clusterSecurityGroupId !== undefined && oidcIssuer !== undefined)
    return { vpcId, clusterSecurityGroupId, oidcIssuer };
  throw new EksDrError('remote-answer-invalid', {
    message: `DescribeCluster gave no VPC, cluster security group or OIDC issuer for ${name}.`,
    target: name,
  });
}

interface Principal {
  readonly principalArn: string;
  readonly groups: string[];
  readonly policies: readonly string[];
}

/** Everyone in the estate's list, one entry each, and Argo CD's role as cluster administrator. */
function principalsOf({ access, argocd }: Pick<Estate, 'access' | 'argocd'>): Principal[] {
  const listed = [...access.entries, { principalArn: argocd.roleArn, policy: 'AmazonEKSClusterAdminPolicy', groups: [] }];
  return [...new Set(listed.map(({ principalArn }) => principalArn))].map((principalArn) => {
    const own = listed.filter((entry) => entry.principalArn === principalArn);
    return {
      principalArn,
      groups: [...new Set(own.flatMap(({ groups }) => groups))],
      policies: [...new Set(own.map(({ policy }) => policy))],
    };
  });
}
