import { setTimeout as sleep } from 'node:timers/promises';
import type { Sandbox } from '../system.ts';
import { invalidOptions, statusOf } from './failure.ts';
import { asVersion, isCompacted, matcherOf } from './lists.ts';
import { type KubeObject, nameOf } from './object.ts';
import { groupVersion, type ResourceType, resourceOf } from './resources.ts';
import { runtimeOf, type WatchEvent } from './runtime.ts';
import type { Matcher } from './selectors.ts';
import { type ClusterKey, clusterKey, type KubernetesClusterState } from './state.ts';
import { all } from './store.ts';

/** How often an open watch looks for news, in ms of wall time. */
const LOOK_EVERY = 20;

const line = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;

// An object that enters the selection is added for the watcher, one that leaves it is deleted.
function eventLine(type: ResourceType, matches: Matcher, event: WatchEvent): string {
  const was = event.before !== undefined && matches(event.before);
  const is = event.type !== 'DELETED' && matches(event.object);
  if (!was && !is) return '';
  const shown = asVersion(type, event.object);
  return line(is ? (was ? 'MODIFIED' : 'ADDED') : 'DELETED', shown);
}

function initialLines(cluster: KubernetesClusterState, type: ResourceType, matches: Matcher): string {
  return all(cluster, resourceOf(type))
    .filter(matches)
    .toSorted((a: KubeObject, b: KubeObject) => (nameOf(a) < nameOf(b) ? -1 : 1))
    .map((object) => line('ADDED', asVersion(type, object)))
    .join('');
}

function expired(revision: number, current: number): string {
  return line('ERROR', statusOf(410, 'Expired', `too old resource version: ${revision} (${current})`));
}

function bookmark(type: ResourceType, revision: number, annotations?: Readonly<Record<string, string>>): string {
  const metadata = { resourceVersion: String(revision), creationTimestamp: null, ...(annotations === undefined ? {} : { annotations }) };
  return line('BOOKMARK', { kind: type.kind, apiVersion: groupVersion(type), metadata });
}

function requireBookmarks(query: URLSearchParams): void {
  if (query.get('resourceVersionMatch') === 'NotOlderThan') return;
  const message = 'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan';
  throw invalidOptions('ListOptions', { reason: 'FieldValueForbidden', field: 'resourceVersionMatch', message });
}

// Events are in the order of their revisions: the first new one is found from the end.
function newsSince(cluster: KubernetesClusterState, revision: number): readonly WatchEvent[] {
  const { journal } = runtimeOf(cluster);
  let start = journal.length;
  while (start > 0 && (journal[start - 1] as WatchEvent).revision > revision) start -= 1;
  return journal.slice(start);
}

/**
 * The stream of a watch: JSON lines, from `resourceVersion` on or with the present objects first (0 or absent).
 * Ends after `timeoutSeconds` of sandbox time, when the cluster is deleted, or with 410 when the history does not reach back.
 */
export function watch(
  sandbox: Sandbox,
  ref: ClusterKey,
  type: ResourceType,
  namespace: string | undefined,
  query: URLSearchParams,
): (signal: AbortSignal) => AsyncIterable<string> {
  const matches = matcherOf(type, namespace, query);
  const given = Number(query.get('resourceVersion') ?? 0);
  const resource = resourceOf(type);
  const streamsInitialEvents = query.get('sendInitialEvents') === 'true';
  if (streamsInitialEvents) requireBookmarks(query);
  const end = sandbox.clock.now() + Number(query.get('timeoutSeconds') ?? 1_800) * 1_000;
  return async function* stream(signal) {
    const cluster = sandbox.world.kubernetes.clusters[clusterKey(ref)];
    if (cluster === undefined) return;
    let revision = given;
    if (given === 0 || streamsInitialEvents) {
      revision = cluster.revision;
      yield initialLines(cluster, type, matches);
    }
    if (streamsInitialEvents) yield bookmark(type, revision, { 'k8s.io/initial-events-end': 'true' });
    while (!signal.aborted && sandbox.clock.now() < end && sandbox.world.kubernetes.clusters[clusterKey(ref)] === cluster) {
      if (cluster.revision > revision) {
        if (isCompacted(cluster, revision)) {
          yield expired(revision, cluster.revision);
          return;
        }
        const lines = newsSince(cluster, revision)
          .filter((event) => event.resource === resource)
          .map((event) => eventLine(type, matches, event))
          .join('');
        revision = cluster.revision;
        if (lines !== '') yield lines;
      }
      await sleep(LOOK_EVERY);
    }
    if (query.get('allowWatchBookmarks') === 'true' && !signal.aborted) {
      yield bookmark(type, revision);
    }
  };
}
