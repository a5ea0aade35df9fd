import type * as z from 'zod';
import type { ProjectDestination } from '../clients/argocd.ts';
import { matchesGlob } from '../kit/glob.ts';
import type { JsonObject } from '../kit/json.ts';
import { placeOf } from '../rendering/application.ts';

/** A cluster as templates and AppProjects name it. */
export interface Place {
  readonly name?: string | undefined;
  readonly server?: string | undefined;
}

/**
 * The namespaces (or patterns of them) on the primary that an AppProject names, so that the same may be opened on the new cluster.
 * Entries for every cluster are left out: they cover the new one already.
 */
export function primaryNamespaces(destinations: readonly ProjectDestination[], primary: Place): string[] {
  return [...new Set(destinations.filter((entry) => namesPlace(entry, primary)).map(({ namespace = '*' }) => namespace))].toSorted();
}

/** Whether an AppProject lets anything go to the primary: by its own name, or by an entry for every cluster. */
export function reachesPrimary(destinations: readonly ProjectDestination[], primary: Place): boolean {
  return destinations.some((entry) => namesPlace(entry, primary) || coversAll(entry));
}

/**
 * The spec of a drill's own AppProject: the primary's, with the new cluster as its only destination. Left out is what would tie it to
 * production: roles with their tokens, sync windows (they hold production back, not a drill), accounts to impersonate on named servers, and
 * the rule that only clusters of the project itself may be used.
 */
export function drillProjectSpec(
  spec: JsonObject,
  primary: Place,
  cluster: { readonly name: string; readonly server: string },
): Record<string, z.core.util.JSONType> {
  const {
    destinations,
    roles: _roles,
    syncWindows: _windows,
    destinationServiceAccounts: _accounts,
    permitOnlyProjectScopedClusters: _scoped,
    ...rest
  } = spec;
  const entries = (Array.isArray(destinations) ? destinations : []) as readonly ProjectDestination[];
  const namespaces = entries.filter((entry) => namesPlace(entry, primary) || coversAll(entry)).map(({ namespace = '*' }) => namespace);
  const own = [...new Set(namespaces)].toSorted().map((namespace) => ({ ...cluster, namespace }));
  return { ...(rest as Record<string, z.core.util.JSONType>), destinations: own };
}

/** By its name or address, or by a pattern of them that is not that of every cluster. */
function namesPlace({ name, server }: ProjectDestination, place: Place): boolean {
  const cluster = placeOf(place);
  return isMeant(name, cluster.name) || isMeant(server?.replace(/\/+$/, ''), cluster.server);
}

function isMeant(pattern: string | undefined, text: string | undefined): boolean {
  return pattern !== undefined && pattern !== '*' && text !== undefined && matchesGlob(pattern, text);
}

function coversAll({ name, server }: ProjectDestination): boolean {
  return name === '*' || server === '*';
}
