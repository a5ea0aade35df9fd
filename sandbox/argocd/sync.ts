import type { Sandbox } from '../system.ts';
import { hasSyncOption, type ResourceResult, TRACKING_ANNOTATION } from './application.ts';
import { findDestination } from './clusters.ts';
import { ignoredPaths, withLive } from './ignore-differences.ts';
import { isObject, type JsonObject } from './json.ts';
import { annotationOf, compareKinds, identity, isNamespaced, isShared, keyOf, tracked, waveOf } from './kinds.ts';
import type { Live } from './live.ts';
import { permitsKind } from './project.ts';
import { reach } from './reach.ts';
import type { ApplicationRecord, ResourceKey } from './state.ts';
import type { Target } from './target.ts';

export type WaveResult =
  | { readonly kind: 'unreachable'; readonly message: string }
  | { readonly kind: 'waiting' | 'failed' | 'done'; readonly message: string; readonly resources: readonly ResourceResult[] };

/** Applies the next wave of a sync, or looks whether the last one is healthy; after the last wave prunes. */
export function syncWave(sandbox: Sandbox, record: ApplicationRecord, target: Target): WaveResult {
  const { app, controller } = record;
  const sync = app.operation?.sync ?? {};
  const destination = findDestination(sandbox.world, app.spec.destination);
  const reached = 'problem' in destination ? destination : reach(sandbox, destination.server);
  if ('problem' in reached || 'problem' in destination)
    return { kind: 'unreachable', message: 'problem' in reached ? reached.problem : '' };
  const { live } = reached;
  const results = [...(controller.wave === 0 ? [] : (app.status.operationState?.syncResult?.resources ?? []))];
  const chosen = target.objects.filter((object) => isChosen(sync.resources, keyOf(object)));
  const waves = [...new Set(chosen.map((object) => stageOf(object)))].sort((a, b) => a - b);
  const inWave = (index: number): JsonObject[] => chosen.filter((object) => stageOf(object) === waves[index]);
  const isPlain = new Set(chosen.map((object) => waveOf(object))).size <= 1;

  if (controller.wave > 0 && controller.wave < waves.length) {
    const open = inWave(controller.wave - 1).find((object) => isUnhealthy(live, object));
    if (open !== undefined) {
      const { group, kind, name } = keyOf(open);
      return { kind: 'waiting', message: `waiting for healthy state of ${group}/${kind}/${name}`, resources: results };
    }
  }
  if (controller.wave === 0 && sync.dryRun !== true) createNamespace(record, live);
  const objects = inWave(controller.wave).toSorted((a, b) => compareKinds(keyOf(a), keyOf(b)));
  for (const object of objects) results.push(applyOne(sandbox, record, live, object));
  const failures = results.filter((one) => one.status === 'SyncFailed');
  if (failures.length > 0) {
    const reasons = failures.map((one) => one.message).join(',');
    const message = isPlain
      ? `one or more objects failed to apply, reason: ${reasons}`
      : `one or more synchronization tasks are not valid: ${reasons}`;
    return { kind: 'failed', message, resources: results };
  }
  controller.deployedServer = destination.server;
  controller.wave += 1;
  if (controller.wave < waves.length) return { kind: 'waiting', message: 'waiting for completion of the wave', resources: results };
  if (sync.resources === undefined) results.push(...prune(record, live, target.objects, sync.prune === true && sync.dryRun !== true));
  return { kind: 'done', message: '', resources: results };
}

/** Within a wave the definitions of custom resources come before what is of their kinds. */
function stageOf(object: JsonObject): number {
  return 2 * waveOf(object) + (isShared(keyOf(object)) ? 0 : 1);
}

function applyOne(sandbox: Sandbox, record: ApplicationRecord, live: Live, object: JsonObject): ResourceResult {
  const { app, controller } = record;
  const key = keyOf(object);
  const project = sandbox.world.argocd.projects[app.spec.project || 'default'];
  if (project !== undefined && !permitsKind(project, key, isNamespaced(key.kind))) {
    return resultOf(key, 'SyncFailed', `resource ${key.group}:${key.kind} is not permitted in project ${app.spec.project}`);
  }
  const before = versionOf(live.get(key));
  const name = `${key.kind.toLowerCase()}${key.group === '' ? '' : `.${key.group}`}/${key.name}`;
  if (app.operation?.sync.dryRun === true)
    return resultOf(key, 'Synced', `${name} ${before === null ? 'created' : 'configured'} (dry run)`);
  try {
    live.apply(tracked(asRespected(record, object, live.get(key)), app.metadata.name));
  } catch (thrown) {
    return resultOf(key, 'SyncFailed', (thrown as Error).message);
  }
  if (!isShared(key) && !controller.deployed.some((one) => identity(one) === identity(key))) controller.deployed.push(key);
  const change = before === null ? 'created' : before === versionOf(live.get(key)) ? 'unchanged' : 'configured';
  return resultOf(key, 'Synced', `${name} ${change}`);
}

/** With RespectIgnoreDifferences, what is not compared is not overwritten either. */
function asRespected({ app }: ApplicationRecord, object: JsonObject, found: JsonObject | null): JsonObject {
  const options = app.operation?.sync.syncOptions ?? app.spec.syncPolicy?.syncOptions;
  return hasSyncOption(options, 'RespectIgnoreDifferences=true') ? withLive(object, found, ignoredPaths(app.spec, object)) : object;
}

/** What changes with every change of the object; null without one. */
function versionOf(object: JsonObject | null): string | null {
  if (object === null) return null;
  return isObject(object.metadata) ? String(object.metadata.resourceVersion ?? '') : '';
}

function createNamespace({ app }: ApplicationRecord, live: Live): void {
  const { namespace } = app.spec.destination;
  const { syncPolicy } = app.spec;
  const options = app.operation?.sync.syncOptions ?? syncPolicy?.syncOptions;
  if (namespace === undefined || !hasSyncOption(options, 'CreateNamespace=true')) return;
  const exists = live.get({ group: '', version: 'v1', kind: 'Namespace', namespace: '', name: namespace }) !== null;
  const { labels, annotations } = syncPolicy?.managedNamespaceMetadata ?? {};
  if (exists && labels === undefined && annotations === undefined) return;
  const metadata = { name: namespace, ...(labels === undefined ? {} : { labels }), ...(annotations === undefined ? {} : { annotations }) };
  try {
    live.apply({ apiVersion: 'v1', kind: 'Namespace', metadata });
  } catch {
    // What needs the namespace will fail and say so.
  }
}

function prune(record: ApplicationRecord, live: Live, wanted: readonly JsonObject[], really: boolean): ResourceResult[] {
  const { app, controller } = record;
  const names = new Set(wanted.map((object) => identity(keyOf(object))));
  const results: ResourceResult[] = [];
  for (const key of controller.deployed.filter((one) => !names.has(identity(one)))) {
    const found = live.get(key);
    const owner = found === null ? undefined : annotationOf(found, TRACKING_ANNOTATION)?.split(':')[0];
    if (found !== null && owner === app.metadata.name) {
      if (really) live.remove(key);
      results.push(resultOf(key, really ? 'Pruned' : 'PruneSkipped', really ? 'pruned' : 'ignored (requires pruning)'));
      if (!really) continue;
    }
    controller.deployed = controller.deployed.filter((one) => one !== key);
  }
  return results;
}

function isUnhealthy(live: Live, object: JsonObject): boolean {
  const found = live.get(keyOf(object));
  const health = found === null ? 'Missing' : live.health(found);
  return health !== null && health !== 'Healthy' && health !== 'Suspended';
}

function isChosen(
  selection: readonly { group?: string; kind: string; name: string; namespace?: string }[] | undefined,
  key: ResourceKey,
): boolean {
  if (selection === undefined) return true;
  return selection.some(
    (one) =>
      (one.group ?? '') === key.group &&
      one.kind === key.kind &&
      one.name === key.name &&
      (one.namespace === undefined || one.namespace === key.namespace),
  );
}

function resultOf(key: ResourceKey, status: ResourceResult['status'], message: string): ResourceResult {
  const hookPhase = ({ Synced: 'Running', SyncFailed: 'Failed', Pruned: 'Succeeded', PruneSkipped: 'Succeeded' } as const)[status];
  return { ...key, status, message, hookPhase, syncPhase: 'Sync' };
}
