import { createHash } from 'node:crypto';
import { ensureLaunchTemplate, removeLaunchTemplates } from '../../ec2/launch-templates.ts';
import { ensureInstanceProfile } from '../../iam/instance-profiles.ts';
import { type KubeObject, stringsAt, textAt } from '../object.ts';
import { type Context, find } from '../store.ts';

const NODE_CLASS = 'karpenter.k8s.aws/ec2nodeclass';

type Tags = Readonly<Record<string, string>>;

/** What Karpenter writes on everything that it makes outside of the cluster. */
function clusterTags({ cluster: { cluster } }: Context): Tags {
  return { [`kubernetes.io/cluster/${cluster}`]: 'owned', 'eks:eks-cluster-name': cluster };
}

/** The instance profile of the nodes of a class that names a role. */
export function ensureProfile(context: Context, nodeClass: KubeObject, role: string): void {
  const { world, cluster, now } = context;
  const { name } = nodeClass.metadata;
  const tags = {
    ...stringsAt(nodeClass, 'spec', 'tags'),
    ...clusterTags(context),
    [NODE_CLASS]: name,
    'topology.kubernetes.io/region': cluster.region,
  };
  ensureInstanceProfile(world, { name: profileName(context, name), path: '/', role, tags }, now);
}

function profileName({ cluster: { region, cluster } }: Context, nodeClass: string): string {
  const digest = createHash('sha256').update(`${region}${nodeClass}`).digest();
  return `${cluster}_${digest.readBigUInt64BE(0)}`;
}

/** The launch template of the instances of a class for a pool. */
export function ensureTemplate(context: Context, nodeClassRef: unknown, pool: string): void {
  const { world, cluster, now } = context;
  const name = textAt(nodeClassRef, 'name') ?? '';
  const own = stringsAt(find(cluster, 'karpenter.k8s.aws/ec2nodeclasses', name), 'spec', 'tags');
  const template = { [NODE_CLASS]: name, 'karpenter.k8s.aws/cluster': cluster.cluster, 'karpenter.sh/nodepool': pool };
  ensureLaunchTemplate(world, cluster.region, { ...own, ...clusterTags(context), ...template }, now);
}

/** With its class, all that was made for it goes. */
export function removeLaunchThings(context: Context, nodeClass: string): void {
  const { world, cluster } = context;
  removeLaunchTemplates(world, cluster.region, { 'karpenter.k8s.aws/cluster': cluster.cluster, [NODE_CLASS]: nodeClass });
  delete world.iam.instanceProfiles[profileName(context, nodeClass)];
}
