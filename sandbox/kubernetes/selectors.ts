import { badRequest } from './failure.ts';
import { at, type KubeObject } from './object.ts';

export type Matcher = (object: KubeObject) => boolean;

const key = '[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?';
const inSet = new RegExp(`^(${key})\\s+(in|notin)\\s+\\(([^)]*)\\)$`);
const equality = new RegExp(`^(${key})\\s*(==|=|!=)\\s*([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$`);
const existence = new RegExp(`^(!)?\\s*(${key})$`);

function requirement(text: string): (labels: Readonly<Record<string, string>>) => boolean {
  const set = inSet.exec(text);
  if (set !== null) {
    const [, name = '', , operator, list = ''] = set;
    const values = list.split(',').map((each) => each.trim());
    return (labels) => values.includes(labels[name] ?? '\0') === (operator === 'in');
  }
  const equal = equality.exec(text);
  if (equal !== null) {
    const [, name = '', , operator, value = ''] = equal;
    return (labels) => (labels[name] === value) === (operator !== '!=');
  }
  const exists = existence.exec(text);
  if (exists === null) throw badRequest(`unable to parse requirement: found '${text}', expected: identifier`);
  const [, not, name = ''] = exists;
  return (labels) => name in labels === (not === undefined);
}

/** `a=b,c!=d,e,!f,g in (h, i)`; throws 400 on anything else. */
export function labelMatcher(selector: string | null): Matcher {
  if (selector === null || selector.trim() === '') return () => true;
  const requirements = selector.split(/,(?![^(]*\))/).map((part) => requirement(part.trim()));
  return ({ metadata: { labels = {} } }) => requirements.every((holds) => holds(labels));
}

// The fields that the API server indexes for every type, and those of single types.
const fields: Readonly<Record<string, readonly string[]>> = {
  Pod: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  Secret: ['type'],
  Namespace: ['status.phase'],
  Node: ['spec.unschedulable'],
  Service: ['spec.clusterIP', 'spec.type'],
  Job: ['status.successful'],
  Event: ['involvedObject.kind', 'involvedObject.namespace', 'involvedObject.name', 'involvedObject.uid', 'reason', 'type', 'source'],
};

function unsupportedField(kind: string, path: string): string {
  if (fields[kind] !== undefined) return `field label not supported: ${path}`;
  return `${JSON.stringify(path)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
}

/** `metadata.name=a,status.phase!=Running`; throws 400 for a field that the type is not indexed by. */
export function fieldMatcher(kind: string, selector: string | null): Matcher {
  if (selector === null || selector === '') return () => true;
  const terms = selector.split(',').map((term) => {
    const [, path = '', operator, value = ''] = /^([^=!]+)(==|=|!=)(.*)$/.exec(term) ?? [];
    const known = path === 'metadata.name' || path === 'metadata.namespace' || fields[kind]?.includes(path);
    if (!known) throw badRequest(unsupportedField(kind, path === '' ? term : path));
    return (object: KubeObject) => (String(at(object, ...path.split('.')) ?? '') === value) === (operator !== '!=');
  });
  return (object) => terms.every((holds) => holds(object));
}
