import { schemaFindings } from './custom-schema.ts';
import { type Cause, invalidObject } from './failure.ts';
import { changeFindings, invalidValue } from './immutable-fields.ts';
import { at, isFields, type KubeObject, listAt, numberAt, stringsAt, textAt } from './object.ts';
import type { ResourceType } from './resources.ts';

type Finding = Required<Cause>;

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const serviceName = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const qualifiedName = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

const show = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : JSON.stringify(value ?? null));

function required(field: string, why = ''): Finding {
  return { reason: 'FieldValueRequired', field, message: `Required value${why === '' ? '' : `: ${why}`}` };
}

function nameFindings(type: ResourceType, name: string): Finding[] {
  const rbac = type.group === 'rbac.authorization.k8s.io';
  if (rbac)
    return /[/%]/.test(name) || name === '.' || name === '..' ? [invalidValue('metadata.name', name, "may not contain '/' or '%'")] : [];
  const [rule, limit, why] =
    type.kind === 'Namespace' && type.group === ''
      ? [
          label,
          63,
          "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
        ]
      : type.kind === 'Service' && type.group === ''
        ? [
            serviceName,
            63,
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
          ]
        : [
            subdomain,
            253,
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
          ];
  if (name.length > limit) return [invalidValue('metadata.name', name, `must be no more than ${limit} characters`)];
  return rule.test(name) ? [] : [invalidValue('metadata.name', name, why)];
}

function metadataFindings(object: KubeObject): Finding[] {
  const labels = Object.entries(object.metadata.labels ?? {}).flatMap(([key, value]) => [
    ...(qualifiedName.test(key)
      ? []
      : [invalidValue('metadata.labels', key, "name part must consist of alphanumeric characters, '-', '_' or '.'")]),
    ...(typeof value === 'string' && labelValue.test(value)
      ? []
      : [
          invalidValue(
            'metadata.labels',
            value,
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.'",
          ),
        ]),
  ]);
  const annotations = Object.entries(object.metadata.annotations ?? {}).flatMap(([key, value]) =>
    qualifiedName.test(key) && typeof value === 'string'
      ? []
      : [invalidValue('metadata.annotations', key, "name part must consist of alphanumeric characters, '-', '_' or '.'")],
  );
  return [...labels, ...annotations];
}

function templateFindings(object: KubeObject): Finding[] {
  const containers = listAt(object, 'spec', 'template', 'spec', 'containers');
  const findings = containers.length === 0 ? [required('spec.template.spec.containers')] : [];
  for (const [index, each] of containers.entries()) {
    if (textAt(each, 'name') === undefined) findings.push(required(`spec.template.spec.containers[${index}].name`));
    if (textAt(each, 'image') === undefined) findings.push(required(`spec.template.spec.containers[${index}].image`));
  }
  return findings;
}

function selectorFindings(object: KubeObject): Finding[] {
  const selector = at(object, 'spec', 'selector');
  if (!isFields(selector)) return [required('spec.selector')];
  const wanted = stringsAt(selector, 'matchLabels');
  const labels = stringsAt(object, 'spec', 'template', 'metadata', 'labels');
  const matches = Object.entries(wanted).every(([key, value]) => labels[key] === value);
  return matches ? [] : [invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')];
}

const replicas = (object: KubeObject): Finding[] =>
  (numberAt(object, 'spec', 'replicas') ?? 1) < 0
    ? [invalidValue('spec.replicas', at(object, 'spec', 'replicas'), 'must be greater than or equal to 0')]
    : [];

function serviceFindings(object: KubeObject): Finding[] {
  const type = textAt(object, 'spec', 'type');
  if (type !== undefined && !['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'].includes(type)) {
    const message = `Unsupported value: ${show(type)}: supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"`;
    return [{ reason: 'FieldValueNotSupported', field: 'spec.type', message }];
  }
  const ports = listAt(object, 'spec', 'ports');
  if (ports.length === 0 && type !== 'ExternalName' && textAt(object, 'spec', 'clusterIP') !== 'None') return [required('spec.ports')];
  const unnamed =
    ports.length > 1
      ? ports.flatMap((port, index) => (textAt(port, 'name') === undefined ? [required(`spec.ports[${index}].name`)] : []))
      : [];
  const range = ports.flatMap((port, index) => {
    const number = numberAt(port, 'port');
    return number !== undefined && number > 0 && number < 65_536
      ? []
      : [invalidValue(`spec.ports[${index}].port`, number, 'must be between 1 and 65535, inclusive')];
  });
  return [...unnamed, ...range];
}

function dataFindings(object: KubeObject): Finding[] {
  return Object.entries(stringsAt(object, 'data')).flatMap(([key]) =>
    /^[-._a-zA-Z0-9]{1,253}$/.test(key)
      ? []
      : [invalidValue(`data[${key}]`, key, "a valid config key must consist of alphanumeric characters, '-', '_' or '.'")],
  );
}

const LARGEST_DATA = 1024 * 1024;

function sizeFindings(field: string, bytes: number): Finding[] {
  if (bytes <= LARGEST_DATA) return [];
  return [{ reason: 'FieldValueTooLong', field, message: `Too long: may not be more than ${LARGEST_DATA} bytes` }];
}

const decodedSize = (data: Readonly<Record<string, string>>): number =>
  Object.values(data).reduce((sum, text) => sum + Buffer.byteLength(text, 'base64'), 0);
const textSize = (data: Readonly<Record<string, string>>): number =>
  Object.entries(data).reduce((sum, [key, text]) => sum + key.length + Buffer.byteLength(text), 0);

function definitionFindings(object: KubeObject): Finding[] {
  const expected = `${textAt(object, 'spec', 'names', 'plural')}.${textAt(object, 'spec', 'group')}`;
  const versions = listAt(object, 'spec', 'versions');
  return [
    ...(object.metadata.name === expected
      ? []
      : [invalidValue('metadata.name', object.metadata.name, `must be spec.names.plural+"."+spec.group`)]),
    ...(versions.filter((each) => at(each, 'storage') === true).length === 1
      ? []
      : [invalidValue('spec.versions', versions.length, 'must have exactly one version marked as storage version')]),
  ];
}

const byKind: Readonly<Record<string, (object: KubeObject) => Finding[]>> = {
  'apps/v1 Deployment': (object) => [...selectorFindings(object), ...templateFindings(object), ...replicas(object)],
  'apps/v1 ReplicaSet': (object) => [...selectorFindings(object), ...templateFindings(object), ...replicas(object)],
  'apps/v1 StatefulSet': (object) => [...selectorFindings(object), ...templateFindings(object), ...replicas(object)],
  'apps/v1 DaemonSet': (object) => [...selectorFindings(object), ...templateFindings(object)],
  'batch/v1 Job': templateFindings,
  'v1 Service': serviceFindings,
  'v1 Secret': (object) => [
    ...dataFindings(object),
    ...sizeFindings('data', decodedSize(stringsAt(object, 'data'))),
    ...(object.type === 'kubernetes.io/service-account-token' && !object.metadata.annotations?.['kubernetes.io/service-account.name']
      ? [required('metadata.annotations[kubernetes.io/service-account.name]')]
      : []),
  ],
  'v1 ConfigMap': (object) => [
    ...dataFindings(object),
    ...sizeFindings('', textSize(stringsAt(object, 'data')) + decodedSize(stringsAt(object, 'binaryData'))),
  ],
  'v1 Pod': (object) => (listAt(object, 'spec', 'containers').length === 0 ? [required('spec.containers')] : []),
  'apiextensions.k8s.io/v1 CustomResourceDefinition': definitionFindings,
};

/** Throws 422 Invalid with one cause for each field that is wrong, or changed though it may not be. */
export function validate(type: ResourceType, before: KubeObject | undefined, after: KubeObject): void {
  const { name } = after.metadata;
  const findings = [
    ...(before === undefined ? nameFindings(type, name) : changeFindings(before, after)),
    ...metadataFindings(after),
    ...(type.schema === undefined ? (byKind[`${after.apiVersion} ${after.kind}`]?.(after) ?? []) : schemaFindings(type.schema, after)),
  ];
  if (findings.length > 0) throw invalidObject(type, name, findings);
}
