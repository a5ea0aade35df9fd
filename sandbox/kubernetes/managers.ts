import { failure } from './failure.ts';
import {
  compare,
  difference,
  emptySet,
  type FieldSet,
  fieldsOf,
  fromFieldsV1,
  intersection,
  isEmptySet,
  ownable,
  pathsOf,
  restrict,
  type Schema,
  toFieldsV1,
  union,
} from './fields.ts';
import { stamp } from './ids.ts';
import { mergeValue, prune } from './merge.ts';
import type { KubeObject, ManagedFieldsEntry } from './object.ts';

/** Who writes. `subresource` is empty for the object itself. */
export interface Writer {
  readonly manager: string;
  readonly subresource: string;
}

interface Managed {
  readonly entry: Omit<ManagedFieldsEntry, 'fieldsV1'>;
  readonly set: FieldSet;
}

function managersOf(object: KubeObject | undefined): Managed[] {
  return (object?.metadata.managedFields ?? []).map(({ fieldsV1, ...entry }) => ({
    entry,
    set: { ...fromFieldsV1(fieldsV1), member: false },
  }));
}

// An applied configuration may set nothing that can be owned; that `own` was applied still counts.
function withManagers(object: KubeObject, managers: readonly Managed[], own?: Managed): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  const entries = managers
    .filter((managed) => managed === own || !isEmptySet(managed.set))
    .map(({ entry, set }) => ({ ...entry, fieldsV1: toFieldsV1(set) }));
  return { ...object, metadata: entries.length === 0 ? metadata : { ...metadata, managedFields: entries } };
}

const isWriter = (entry: Managed['entry'], operation: 'Apply' | 'Update', { manager, subresource }: Writer): boolean =>
  entry.manager === manager && entry.operation === operation && (entry.subresource ?? '') === subresource;

function entryFor(operation: 'Apply' | 'Update', { manager, subresource }: Writer, apiVersion: string, now: number): Managed['entry'] {
  const entry = { manager, operation, apiVersion, time: stamp(now), fieldsType: 'FieldsV1' } as const;
  return subresource === '' ? entry : { ...entry, subresource };
}

const bare = (object: KubeObject): KubeObject => {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
};

// The status belongs to the status subresource, everything else to the object itself.
function withinReach(set: FieldSet, { subresource }: Writer, hasStatus: boolean): FieldSet {
  if (!hasStatus) return set;
  return restrict(set, (field) => (field === 'status') === (subresource === 'status'));
}

/** Records who changed what after a create, an update or a patch: the changed fields become the writer's. */
export function trackUpdate(
  schema: Schema,
  before: KubeObject | undefined,
  after: KubeObject,
  writer: Writer,
  options: { readonly now: number; readonly hasStatus: boolean },
): KubeObject {
  const { changed: all, removed } = compare(schema, before === undefined ? {} : bare(before), bare(after));
  const changed = withinReach(ownable(all), writer, options.hasStatus);
  const managers = managersOf(before).map((managed) => {
    const taken = isWriter(managed.entry, 'Update', writer) ? emptySet() : changed;
    return { ...managed, set: difference(difference(managed.set, taken), removed) };
  });
  if (isEmptySet(changed)) return withManagers(after, managers);
  const own = managers.find(({ entry }) => isWriter(entry, 'Update', writer));
  const set = own === undefined ? changed : union(own.set, changed);
  const rest = managers.filter((managed) => managed !== own);
  return withManagers(after, [...rest, { entry: entryFor('Update', writer, after.apiVersion, options.now), set }]);
}

/**
 * Server-side apply: what the configuration sets becomes the manager's, what the manager set before and no longer does goes,
 * unless another owns it too. Throws 409 naming every field that another manager owns with another value, unless `force`.
 */
export function serverSideApply(
  schema: Schema,
  live: KubeObject | undefined,
  applied: KubeObject,
  writer: Writer,
  options: { readonly force: boolean; readonly now: number; readonly hasStatus: boolean; finish(object: KubeObject): KubeObject },
): KubeObject {
  const { force, now, hasStatus, finish } = options;
  const config = withinReach(ownable(fieldsOf(schema, bare(applied))), writer, hasStatus);
  const managers = live === undefined ? [] : adopt(schema, live, now, hasStatus);
  const own = managers.find(({ entry }) => isWriter(entry, 'Apply', writer));
  const others = managers.filter((managed) => managed !== own);
  const owned = others.reduce((set, managed) => union(set, managed.set), config);
  const content = withinReachOf(applied, writer, hasStatus);
  const merged = live === undefined ? content : (mergeValue(schema, bare(live), bare(content)) as KubeObject);
  const pruned = (prune(schema, merged, own?.set, owned) ?? merged) as KubeObject;
  const { changed, removed } = compare(schema, live === undefined ? {} : bare(live), pruned);
  const conflicting = others
    .map((managed) => ({ managed, fields: intersection(managed.set, changed) }))
    .filter(({ fields }) => !isEmptySet(fields));
  if (conflicting.length > 0 && !force) throw applyConflict(conflicting);
  const left = others.map((managed) => ({ ...managed, set: difference(difference(managed.set, changed), removed) }));
  const same = own !== undefined && isEmptySet(difference(own.set, config)) && isEmptySet(difference(config, own.set));
  const entry = same ? own.entry : entryFor('Apply', writer, applied.apiVersion, now);
  const applier = { entry, set: config };
  return withManagers(finish(pruned), [applier, ...left], applier);
}

function withinReachOf(applied: KubeObject, { subresource }: Writer, hasStatus: boolean): KubeObject {
  if (!hasStatus) return bare(applied);
  const { apiVersion, kind, metadata, status, ...rest } = bare(applied);
  if (subresource !== 'status') return { apiVersion, kind, metadata, ...rest };
  const { name, namespace } = metadata;
  return {
    apiVersion,
    kind,
    metadata: namespace === undefined ? { name } : { name, namespace },
    ...(status === undefined ? {} : { status }),
  };
}

// An object that nobody has tracked so far belongs to whoever wrote it before the first apply.
function adopt(schema: Schema, live: KubeObject, now: number, hasStatus: boolean): Managed[] {
  const managers = managersOf(live);
  if (managers.length > 0) return managers;
  const writer = { manager: 'before-first-apply', subresource: '' };
  const set = withinReach(ownable(fieldsOf(schema, bare(live))), writer, hasStatus);
  return [{ entry: entryFor('Update', writer, live.apiVersion, now), set }];
}

function describe({ manager, operation, apiVersion, subresource }: Managed['entry']): string {
  const name = JSON.stringify(manager) + (subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`);
  return operation === 'Apply' ? name : `${name} using ${apiVersion}`;
}

function applyConflict(conflicting: readonly { readonly managed: Managed; readonly fields: FieldSet }[]): Error {
  const lines = conflicting
    .map(({ managed, fields }) => ({ name: describe(managed.entry), paths: pathsOf(fields) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const causes = lines.flatMap(({ name, paths }) =>
    paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${name}`, field })),
  );
  const only = causes.length === 1 ? `1 conflict: conflict with ${lines[0]?.name}: ${causes[0]?.field}` : undefined;
  const many = lines.map(({ name, paths }) => `conflicts with ${name}:\n${paths.map((path) => `- ${path}`).join('\n')}`).join('\n');
  return failure(409, 'Conflict', `Apply failed with ${only ?? `${causes.length} conflicts: ${many}`}`, { causes });
}
