import type { EndpointKey, Expectation } from './endpoint-map.ts';

/** What of a recovered service matters for its endpoints. */
export interface RecoveredService {
  readonly name: string;
  readonly namespace: string;
  readonly healthy: boolean;
}

/**
 * Which old endpoints this recovery must replace: those in a namespace of a recovered service. Where a service was allowed to be
 * unhealthy (tier policy or waiver), its endpoints may be missing. An Ingress group names no namespace: it must have a successor only
 * when everything is recovered; then the endpoints of other namespaces are switched too, where they have one. `others`: the services that
 * are not recovered; what goes by the name of one of them, in its namespace, is its own.
 */
export function expectations(
  recovered: readonly RecoveredService[],
  everything: boolean,
  others: readonly Pick<RecoveredService, 'name' | 'namespace'>[] = [],
): (key: EndpointKey) => Expectation {
  const namespaces = new Set(recovered.map(({ namespace }) => namespace));
  const unhealthy = new Map(recovered.filter(({ healthy }) => !healthy).map(({ namespace, name }) => [namespace, name]));
  return ({ stack }) => {
    const [namespace = '', name] = stack.split('/');
    if (name === undefined) {
      return everything ? { kind: 'required' } : { kind: 'excused', reason: 'an Ingress group; only a part of the services is recovered' };
    }
    if (!namespaces.has(namespace)) {
      if (!everything) return { kind: 'left-out', reason: 'its service is not part of this recovery' };
      return { kind: 'excused', reason: 'no recovered service lives in its namespace' };
    }
    if (others.some((one) => one.namespace === namespace && one.name === name))
      return { kind: 'left-out', reason: `service ${name} is not part of this recovery` };
    const excuse = unhealthy.get(namespace);
    if (excuse !== undefined) return { kind: 'excused', reason: `service ${excuse} was accepted as unhealthy` };
    return { kind: 'required' };
  };
}
