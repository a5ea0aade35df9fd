import { isDeepStrictEqual } from 'node:util';
import type { Cause } from './failure.ts';
import { at, type Fields, isFields, type KubeObject, listAt } from './object.ts';

type Finding = Required<Cause>;
type Rule = (before: KubeObject, after: KubeObject) => readonly Finding[];

export function invalidValue(field: string, value: unknown, why: string): Finding {
  return { reason: 'FieldValueInvalid', field, message: `Invalid value: ${JSON.stringify(value ?? null)}: ${why}` };
}

export const immutable = (field: string, value: unknown): Finding => invalidValue(field, value, 'field is immutable');
const forbidden = (field: string, why: string): Finding => ({ reason: 'FieldValueForbidden', field, message: `Forbidden: ${why}` });

/** Each of the fields keeps the value that it was given. */
function fixed(...paths: readonly string[]): Rule {
  return (before, after) =>
    paths.flatMap((path) => {
      const [old, fresh] = [at(before, ...path.split('.')), at(after, ...path.split('.'))];
      const isFree = old === undefined || old === '' || isDeepStrictEqual(old, fresh);
      return isFree ? [] : [immutable(path, fresh)];
    });
}

function frozen(before: KubeObject, after: KubeObject): readonly Finding[] {
  if (before.immutable !== true) return [];
  const why = 'field is immutable when `immutable` is set';
  const changed = (field: string): Finding[] => (isDeepStrictEqual(before[field], after[field]) ? [] : [forbidden(field, why)]);
  return [...(after.immutable === true ? [] : [forbidden('immutable', why)]), ...changed('data'), ...changed('binaryData')];
}

// What a StatefulSet may change, by the API server's own list.
const CHANGEABLE = [
  'minReadySeconds',
  'ordinals',
  'persistentVolumeClaimRetentionPolicy',
  'replicas',
  'revisionHistoryLimit',
  'template',
  'updateStrategy',
];

function statefulSet(before: KubeObject, after: KubeObject): readonly Finding[] {
  const rest = ({ spec }: KubeObject): Fields =>
    Object.fromEntries(Object.entries(isFields(spec) ? spec : {}).filter(([name]) => !CHANGEABLE.includes(name)));
  if (isDeepStrictEqual(rest(before), rest(after))) return [];
  const names = CHANGEABLE.map((name) => `'${name}'`);
  const list = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return [forbidden('spec', `updates to statefulset spec for fields other than ${list} are forbidden`)];
}

function service(before: KubeObject, after: KubeObject): readonly Finding[] {
  const [old, fresh] = [at(before, 'spec', 'clusterIP'), at(after, 'spec', 'clusterIP')];
  const isFree = old === undefined || old === fresh || at(after, 'spec', 'type') === 'ExternalName';
  return isFree ? [] : [invalidValue('spec.clusterIPs[0]', listAt(after, 'spec', 'clusterIPs').slice(0, 1), 'may not change once set')];
}

function roleRef(before: KubeObject, after: KubeObject): readonly Finding[] {
  return isDeepStrictEqual(before.roleRef, after.roleRef) ? [] : [invalidValue('roleRef', after.roleRef, 'cannot change roleRef')];
}

const rules: Readonly<Record<string, readonly Rule[]>> = {
  'v1 Secret': [fixed('type'), frozen],
  'v1 ConfigMap': [frozen],
  'v1 Service': [service],
  'v1 PersistentVolumeClaim': [fixed('spec.storageClassName', 'spec.accessModes')],
  'apps/v1 Deployment': [fixed('spec.selector')],
  'apps/v1 ReplicaSet': [fixed('spec.selector')],
  'apps/v1 DaemonSet': [fixed('spec.selector')],
  'apps/v1 StatefulSet': [statefulSet],
  'batch/v1 Job': [fixed('spec.selector', 'spec.template', 'spec.completions')],
  'rbac.authorization.k8s.io/v1 RoleBinding': [roleRef],
  'rbac.authorization.k8s.io/v1 ClusterRoleBinding': [roleRef],
  'storage.k8s.io/v1 StorageClass': [fixed('provisioner', 'parameters')],
};

function newFinalizers(before: KubeObject, after: KubeObject): readonly Finding[] {
  if (before.metadata.deletionTimestamp === undefined) return [];
  const known = before.metadata.finalizers ?? [];
  const added = (after.metadata.finalizers ?? []).filter((each) => !known.includes(each));
  if (added.length === 0) return [];
  return [
    forbidden(
      'metadata.finalizers',
      `no new finalizers can be added if the object is being deleted, found new finalizers ${JSON.stringify(added)}`,
    ),
  ];
}

/** What changed though it may not. */
export function changeFindings(before: KubeObject, after: KubeObject): readonly Finding[] {
  const own = rules[`${after.apiVersion} ${after.kind}`] ?? [];
  return [...newFinalizers(before, after), ...own.flatMap((rule) => rule(before, after))];
}
