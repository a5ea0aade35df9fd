import { groupVersion, type ResourceType, typesOf } from './resources.ts';
import type { KubernetesClusterState } from './state.ts';

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

function resources(type: ResourceType): unknown[] {
  const { plural, singular, namespaced, kind, shortNames, subresources } = type;
  const own = { name: plural, singularName: singular, namespaced, kind, verbs, ...(shortNames.length > 0 ? { shortNames } : {}) };
  const below = subresources.map((subresource) => ({
    name: `${plural}/${subresource}`,
    singularName: '',
    namespaced,
    kind: subresource === 'scale' ? 'Scale' : subresource === 'token' ? 'TokenRequest' : kind,
    ...(subresource === 'scale' ? { group: 'autoscaling', version: 'v1' } : {}),
    ...(subresource === 'token' ? { group: 'authentication.k8s.io', version: 'v1' } : {}),
    verbs: subresource === 'token' ? ['create'] : ['get', 'patch', 'update'],
  }));
  return [own, ...below];
}

interface ReviewType {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

/** Types that answer a question and store nothing. */
const reviewTypes: readonly ReviewType[] = [
  { group: 'authorization.k8s.io', plural: 'selfsubjectaccessreviews', kind: 'SelfSubjectAccessReview' },
  { group: 'authorization.k8s.io', plural: 'subjectaccessreviews', kind: 'SubjectAccessReview' },
  { group: 'authentication.k8s.io', plural: 'selfsubjectreviews', kind: 'SelfSubjectReview' },
  { group: 'authentication.k8s.io', plural: 'tokenreviews', kind: 'TokenReview' },
];

function groupsOf(cluster: KubernetesClusterState): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const { group } of reviewTypes) groups.set(group, new Set(['v1']));
  for (const { group, version } of typesOf(cluster)) if (group !== '') groups.set(group, (groups.get(group) ?? new Set()).add(version));
  return groups;
}

function apiGroup(name: string, versions: ReadonlySet<string>): Record<string, unknown> {
  const list = [...versions].map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: list, preferredVersion: list[0] };
}

/** The discovery documents: /api, /apis, /apis/<group>, /api/v1, /apis/<group>/<version>; undefined for any other path. */
export function discover(cluster: KubernetesClusterState, path: string): unknown {
  const segments = path.split('/').filter((segment) => segment !== '');
  const [root, ...rest] = segments;
  if (path === '/version') return versionInfo(cluster);
  if (root === 'api' && rest.length === 0) return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
  if (root === 'api' && rest.length === 1) return resourceList(cluster, '', rest[0] ?? '');
  if (root !== 'apis') return undefined;
  const [group, version] = rest;
  const groups = groupsOf(cluster);
  if (group === undefined) {
    const list = [...groups].map(([name, versions]) => apiGroup(name, versions));
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: list };
  }
  const versions = groups.get(group);
  if (versions === undefined || rest.length > 2) return undefined;
  if (version === undefined) return { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group, versions) };
  return resourceList(cluster, group, version);
}

function resourceList(cluster: KubernetesClusterState, group: string, version: string): unknown {
  const types = typesOf(cluster).filter((type) => type.group === group && type.version === version);
  const reviews = version === 'v1' ? reviewTypes.filter((type) => type.group === group) : [];
  if (types.length === 0 && reviews.length === 0) return undefined;
  const answers = reviews.map(({ plural, kind }) => ({
    name: plural,
    singularName: kind.toLowerCase(),
    namespaced: false,
    kind,
    verbs: ['create'],
  }));
  const body = {
    kind: 'APIResourceList',
    groupVersion: groupVersion({ group, version }),
    resources: [...types.flatMap(resources), ...answers],
  };
  return group === '' ? body : { ...body, apiVersion: 'v1' };
}

function versionInfo({ version }: KubernetesClusterState): unknown {
  const [major = '1', minor = '34'] = version.split('.');
  return {
    major,
    minor,
    gitVersion: `v${version}.1-eks-1a2b3c4`,
    gitCommit: '0000000000000000000000000000000000000000',
    gitTreeState: 'clean',
    buildDate: '2026-06-01T00:00:00Z',
    goVersion: 'go1.24',
    compiler: 'gc',
    platform: 'linux/amd64',
  };
}
