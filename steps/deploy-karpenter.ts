import * as z from 'zod';
import { addonApplicationName } from './addons/application.ts';
import { controllerRole } from './addons/controller-role.ts';
import { install } from './addons/install.ts';
import { sideBySide } from './addons/side-by-side.ts';
import { deletedAlone, takenBack } from './addons/take-back.ts';
import { addonManifests } from './checks/addon-manifests.ts';
import { karpenterQueue } from './checks/karpenter-queue.ts';
import { preparedRoles } from './checks/prepared-roles.ts';
import type { Kubernetes } from './clients/kubernetes.ts';
import { manages, reads } from './cluster-rights.ts';
import { connectCluster } from './connect-cluster.ts';
import { createCluster } from './create-cluster.ts';
import { karpenterAddons } from './karpenter/addons.ts';
import { refuseUndiscoverable } from './karpenter/discovery.ts';
import { karpenterKinds, type NodeFacts, type NodeManifests, nodeManifests, sortNodeManifests } from './karpenter/node-manifests.ts';
import { nodeRole } from './karpenter/node-role.ts';
import { controllerPolicies } from './karpenter/policies.ts';
import { isProofWanted, PROOF, proofJob } from './karpenter/proof.ts';
import { interruptionQueue, type Karpenter, replicas } from './karpenter/settings.ts';
import { clusterProfiles } from './leftovers/find-leftovers.ts';
import type { Manifest } from './manifests/manifest.ts';
import { kindsOf, manifestItems, manifestResource, placeManifests } from './manifests/place-manifests.ts';
import { registerArgocd } from './register-argocd.ts';
import { argocdApplication, argocdApplicationAlone } from './resources/argocd-application.ts';
import { argocdAutomatedSync } from './resources/argocd-automated-sync.ts';
import { eksAccessEntry } from './resources/eks-access-entry.ts';
import { eksPodIdentityAssociation } from './resources/eks-pod-identity-association.ts';
import { iamInstanceProfile } from './resources/iam-instance-profile.ts';
import { iamOidcProvider } from './resources/iam-oidc-provider.ts';
import { iamPolicy } from './resources/iam-policy.ts';
import { iamRole } from './resources/iam-role.ts';
import { rolePolicyDrivers } from './resources/iam-role-policies.ts';
import { iamRolePolicy } from './resources/iam-role-policy.ts';
import { kubernetesObject } from './resources/kubernetes-object.ts';
import { defineStep } from './step.ts';
import { argocdApplicationHealthy } from './waits/argocd-application-healthy.ts';
import { karpenterBringsNode } from './waits/karpenter-brings-node.ts';
import { karpenterNodesGone } from './waits/karpenter-nodes-gone.ts';
import { kubernetesConditions } from './waits/kubernetes-conditions.ts';
import { kubernetesKindsKnown } from './waits/kubernetes-kinds-known.ts';

const NODE_CLASS_CONDITIONS = ['SubnetsReady', 'SecurityGroupsReady', 'AMIsReady', 'InstanceProfileReady', 'ValidationSucceeded', 'Ready'];

export const deployKarpenter = defineStep({
  id: 'deploy-karpenter',
  title: 'Deploy Karpenter with its node pools',
  needs: { created: createCluster, connected: connectCluster, registered: registerArgocd },
  reads: ['addons', 'argocd', 'namespaces', 'networkPaths'],
  outputs: z.object({ application: z.string().nullable(), nodePools: z.array(z.string()), nodeClasses: z.array(z.string()) }),
  drivers: [
    argocdApplication,
    argocdApplicationAlone,
    argocdAutomatedSync,
    eksAccessEntry,
    eksPodIdentityAssociation,
    iamOidcProvider,
    iamPolicy,
    iamRole,
    ...rolePolicyDrivers,
    iamInstanceProfile,
    kubernetesObject,
  ],
  waits: [argocdApplicationHealthy, kubernetesKindsKnown, kubernetesConditions, karpenterBringsNode, karpenterNodesGone],
  checks: [preparedRoles, karpenterQueue, addonManifests],
  onCluster: [
    ...manages('karpenter.sh', 'nodepools'),
    ...manages('karpenter.k8s.aws', 'ec2nodeclasses'),
    ...reads('karpenter.sh', 'nodeclaims'),
    ...manages('batch', 'jobs'),
    ...reads('', 'nodes', 'pods'),
  ],

  async describe({ estate, run, clients, log, needs: { created, connected, registered } }) {
    const { karpenter, permissionsBoundary } = estate.addons;
    if (karpenter === undefined) return [];
    const { region, cluster, accountId, endpoint, vpcId } = connected;
    const at = { region, cluster };
    const place = { ...connected, run, permissionsBoundary };
    const kubernetes = await clients.kubernetes(at);
    const queue = interruptionQueue(karpenter, created.values);
    const nodes = nodeRole(karpenter.nodeRoleArn, place);
    const { nodeClasses, nodePools, others } = await nodesOf(karpenter, kubernetes, {
      at,
      run,
      nodeRole: nodes.name,
      clusterSecurityGroup: connected.clusterSecurityGroupId,
      estateFolder: clients.estateFolder,
      excludedNamespaces: estate.namespaces.exclude,
    });
    await refuseUndiscoverable(await clients.ec2(region), vpcId, nodeClasses);

    const policies = await controllerPolicies({ cluster, region, accountId, nodeRoleArn: nodes.arn, queue });
    const { identity, roleArn } = karpenter;
    if (roleArn !== undefined && queue !== null && !queue.startsWith(cluster)) {
      log.warn(
        `The interruption queue ${queue} does not start with the name of the cluster: a role made by eks-dr prepare does not let Karpenter read it -> See whether ${roleArn} does, or name the queue after the cluster.`,
      );
    }
    const controller = controllerRole({ what: 'karpenter', ...ACCOUNT, identity, roleArn, policies }, place);
    const addons = await karpenterAddons(karpenter, {
      cluster,
      endpoint,
      region,
      replicas: await replicas(kubernetes),
      queue,
      serviceAccountAnnotations: controller.annotations,
    });
    const installation = { estate, run, cluster: registered.name };
    const ready = ({ apiVersion, kind, name }: Manifest, conditions: string[]) =>
      kubernetesConditions.for({ ...at, apiVersion, kind, namespace: '', name, conditions });
    const proven = isProofWanted(karpenter, run) ? nodePools.slice(0, 1) : [];
    return [
      ...sideBySide(nodes.resources, controller.resources, install(addons.definitions, installation)),
      ...install(addons.controller, installation),
      kubernetesKindsKnown.for({ ...at, kinds: kindsOf([...nodeClasses, ...nodePools]) }),
      nodeClasses.map((manifest) => manifestResource(at, manifest, run.id)),
      nodeClasses.map((manifest) => ready(manifest, NODE_CLASS_CONDITIONS)),
      nodePools.map((manifest) => manifestResource(at, manifest, run.id)),
      ...manifestItems(at, others, run.id),
      nodePools.map((manifest) => ready(manifest, ['Ready'])),
      ...proven.flatMap(({ name }) => [
        proofJob(at, name, { run, image: estate.networkPaths.probeImage }),
        karpenterBringsNode.for({ ...at, namespace: PROOF.namespace, job: PROOF.name, nodePool: name, nodeRoleArn: nodes.arn }),
      ]),
    ];
  },

  /**
   * NodePools first, while Karpenter still runs: it alone takes its instances away. What it works with stays until the last one is gone.
   */
  async undo({ applied, run, clients, needs: { connected } }) {
    const { region, cluster } = connected;
    const isGone = run.clusterGone !== undefined;
    const applications = takenBack(applied, [argocdApplication.kind]);
    const objects = takenBack(applied, [kubernetesObject.kind]);
    const isNodeClass = ({ id }: { readonly id: Readonly<Record<string, string>> }): boolean => id.kind === 'EC2NodeClass';
    // Else Karpenter does it with its node classes.
    const profiles = isGone ? await clusterProfiles(clients, cluster) : [];
    return [
      objects.filter((object) => !isNodeClass(object)),
      // Without the cluster its instances are deleted as leftovers, before the network goes.
      ...(isGone ? [] : [karpenterNodesGone.for({ region, cluster })]),
      objects.filter(isNodeClass),
      ...(isGone ? applications.map(deletedAlone) : applications),
      takenBack(applied, [eksPodIdentityAssociation.kind, eksAccessEntry.kind, iamRolePolicy.kind]),
      profiles.map(({ id }) => iamInstanceProfile.resource({ region, cluster, run: run.id, id }, null)),
      takenBack(applied, [iamRole.kind, iamPolicy.kind, iamOidcProvider.kind]),
    ];
  },

  async finish({ estate, run, clients, needs: { connected, registered } }) {
    const { karpenter, permissionsBoundary } = estate.addons;
    if (karpenter === undefined) return { application: null, nodePools: [], nodeClasses: [] };
    const at = { region: connected.region, cluster: connected.cluster };
    const { name } = nodeRole(karpenter.nodeRoleArn, { ...connected, run, permissionsBoundary });
    const facts = {
      at,
      run,
      nodeRole: name,
      clusterSecurityGroup: connected.clusterSecurityGroupId,
      estateFolder: clients.estateFolder,
      excludedNamespaces: estate.namespaces.exclude,
    };
    const { nodePools, nodeClasses } = await nodesOf(karpenter, await clients.kubernetes(at), facts);
    return {
      application: addonApplicationName(registered.name, 'karpenter'),
      nodePools: nodePools.map((manifest) => manifest.name),
      nodeClasses: nodeClasses.map((manifest) => manifest.name),
    };
  },
});

/** Of the chart, whatever the release is called. */
const ACCOUNT = { namespace: 'kube-system', serviceAccount: 'karpenter' } as const;

async function nodesOf(karpenter: Karpenter, kubernetes: Kubernetes, facts: NodeFacts): Promise<NodeManifests> {
  const manifests = await placeManifests(kubernetes, await nodeManifests(karpenter, facts), karpenterKinds);
  return sortNodeManifests(manifests, karpenter.manifests ?? 'templates/karpenter');
}
