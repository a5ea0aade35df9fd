import { removeNodes } from '../../sandbox/kubernetes/clusters.ts';
import type { Sandbox } from '../../sandbox/system.ts';
import type { World } from '../../sandbox/world.ts';

const RUN_TAG = 'eks-dr:run';
/** The remedy of a step whose Terraform met an object that it had made and forgotten. */
export const LOST_REMEDY = 'Terraform found an object that its state does not know. If it carries the tag of this run';

/**
 * Does by hand what that remedy asks for: deletes what carries the tag of a run but stands in no state. Terraform saves its state every
 * 20 seconds at most; who kills it takes what it has made since from its memory. Names what is gone.
 */
export function deleteLost(sandbox: Sandbox): string[] {
  const { world } = sandbox;
  const known = knownIds(world);
  const lost = ({ tags }: { readonly tags: Readonly<Record<string, string>> }, id: string): boolean =>
    tags[RUN_TAG] !== undefined && !known.has(id);
  const gone: string[] = [];
  const drop = <T extends { readonly tags: Readonly<Record<string, string>> }>(
    from: Record<string, T>,
    idOf: (key: string) => string = (key) => key,
    along: (object: T) => void = () => undefined,
  ): void => {
    for (const [key, object] of Object.entries(from)) {
      if (!lost(object, idOf(key))) continue;
      along(object);
      delete from[key];
      gone.push(idOf(key));
    }
  };

  for (const { region, name, nodegroups, addons } of Object.values(world.eks.clusters)) {
    const nodesOf = (group: { readonly name: string }): void => removeNodes(sandbox, { region, cluster: name }, group.name);
    drop(nodegroups, (each) => `${name}:${each}`, nodesOf);
    drop(addons, (each) => `${name}:${each}`);
  }
  drop(
    world.eks.clusters,
    (key) => key.slice(key.indexOf('/') + 1),
    ({ region, name, vpc }) => {
      delete world.kubernetes.clusters[`${region}/${name}`];
      delete world.ec2.regions[region]?.securityGroups[vpc.clusterSecurityGroupId];
    },
  );
  drop(world.iam.roles);
  for (const region of Object.values(world.ec2.regions)) {
    drop(region.securityGroups);
    drop(region.subnets);
    drop(region.vpcs, undefined, ({ id }) => {
      const inside = Object.values(region.securityGroups).filter(({ vpcId }) => vpcId === id);
      for (const group of inside) delete region.securityGroups[group.id];
    });
  }
  return gone;
}

/** The ids in every Terraform state of the world. */
function knownIds(world: World): ReadonlySet<string> {
  const objects = Object.values(world.s3.buckets).flatMap((bucket) => Object.entries(bucket.objects));
  const states = objects.filter(([key]) => key.endsWith('.tfstate'));
  const resources = states.flatMap(([, { body }]) => (JSON.parse(Buffer.from(body, 'base64').toString()) as TerraformState).resources);
  return new Set(resources.flatMap(({ instances }) => instances.map(({ attributes }) => attributes.id)));
}

interface TerraformState {
  readonly resources: readonly { readonly instances: readonly { readonly attributes: { readonly id: string } }[] }[];
}
