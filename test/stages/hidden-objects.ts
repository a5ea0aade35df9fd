import type { ElbRegion } from '../../sandbox/elb/state.ts';
import type { World } from '../../sandbox/world.ts';

/**
 * How many objects there are of each kind whose duplicates a dump could not show: it names them by what several could share, or leaves
 * them out because controllers derive them. By system and place; a thing that was made twice counts twice.
 */
export function hiddenObjects({ elb, argocd, iam, kubernetes }: World): Record<string, Readonly<Record<string, number>>> {
  return {
    elb: present(Object.entries(elb.regions).flatMap(([region, state]) => countsOf(region, state))),
    // By server address; the dump has them by name.
    argocd: { clusters: Object.keys(argocd.clusters).length },
    // By ARN; the dump has them by address.
    iam: { oidcProviders: Object.keys(iam.oidcProviders).length },
    kubernetes: present(
      Object.entries(kubernetes.clusters).flatMap(([cluster, { objects }]) =>
        Object.entries(objects).flatMap(([resource, byName]) =>
          // Events tell what happened on the way: no two runs have the same.
          resource === 'core/events' ? [] : [[`${cluster} ${resource}`, Object.keys(byName).length] as const],
        ),
      ),
    ),
  };
}

function countsOf(region: string, { loadBalancers, targetGroups, listeners }: ElbRegion): (readonly [string, number])[] {
  return Object.entries({ loadBalancers, targetGroups, listeners }).map(
    ([name, members]) => [`${region} ${name}`, Object.keys(members).length] as const,
  );
}

/** A place that was emptied is like one that never was. */
function present(counts: readonly (readonly [string, number])[]): Record<string, number> {
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
