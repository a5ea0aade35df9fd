import type { User } from './authenticate.ts';
import { defaultClusterRoles } from './bootstrap.ts';
import { failure } from './failure.ts';
import { at, isFields, type KubeObject, listAt, textAt } from './object.ts';
import type { KubernetesClusterState } from './state.ts';
import { all, find, namespaced } from './store.ts';

/** What is to be done: on a resource, or on a path that is none. */
export type Action =
  | {
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      readonly subresource: string;
      readonly namespace: string | undefined;
      readonly name: string;
    }
  | { readonly verb: string; readonly path: string };

const publicPaths = ['/healthz', '/livez', '/readyz', '/version'];
const discoveryPaths = [...publicPaths, '/api', '/apis', '/openapi'];

const under = (paths: readonly string[], path: string): boolean => paths.some((each) => path === each || path.startsWith(`${each}/`));

function matches(allowed: readonly unknown[], value: string): boolean {
  return allowed.includes('*') || allowed.includes(value);
}

function ruleAllows(rule: unknown, action: Action): boolean {
  if (!matches(listAt(rule, 'verbs'), action.verb)) return false;
  if ('path' in action) {
    return listAt(rule, 'nonResourceURLs').some(
      (url) => url === action.path || (String(url).endsWith('*') && action.path.startsWith(String(url).slice(0, -1))),
    );
  }
  const resource = action.subresource === '' ? action.resource : `${action.resource}/${action.subresource}`;
  const resources = listAt(rule, 'resources');
  const named = listAt(rule, 'resourceNames');
  return (
    matches(listAt(rule, 'apiGroups'), action.group) &&
    (matches(resources, resource) || resources.includes(`*/${action.subresource}`)) &&
    (named.length === 0 || named.includes(action.name))
  );
}

const clusterAdmin = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
];
const adminView = [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] }];

// Amazon EKS user guide, "Review access policy permissions".
const policyRules: Readonly<Record<string, readonly unknown[]>> = {
  AmazonEKSClusterAdminPolicy: clusterAdmin,
  AmazonEKSAdminPolicy: defaultClusterRoles.admin ?? [],
  AmazonEKSAdminViewPolicy: adminView,
  AmazonEKSEditPolicy: defaultClusterRoles.edit ?? [],
  AmazonEKSViewPolicy: defaultClusterRoles.view ?? [],
};

function byAccessPolicy({ associations }: User, action: Action): boolean {
  return associations.some(({ policyArn, accessScope }) => {
    const inScope =
      accessScope.type === 'cluster' ||
      (!('path' in action) && action.namespace !== undefined && inNamespaces(accessScope.namespaces, action.namespace));
    return inScope && (policyRules[policyArn.split('/').at(-1) ?? ''] ?? []).some((rule) => ruleAllows(rule, action));
  });
}

// A namespace of an access scope may end in a wildcard.
function inNamespaces(namespaces: readonly string[], namespace: string): boolean {
  return namespaces.some((each) => each === namespace || (each.endsWith('*') && namespace.startsWith(each.slice(0, -1))));
}

function isSubject(subject: unknown, user: User, bindingNamespace: string | undefined): boolean {
  const name = textAt(subject, 'name') ?? '';
  if (!isFields(subject)) return false;
  if (subject.kind === 'User') return name === user.username;
  if (subject.kind === 'Group') return user.groups.includes(name);
  return user.username === `system:serviceaccount:${textAt(subject, 'namespace') ?? bindingNamespace}:${name}`;
}

function rulesOf(cluster: KubernetesClusterState, binding: KubeObject): readonly unknown[] {
  const name = textAt(binding, 'roleRef', 'name') ?? '';
  const isRole = at(binding, 'roleRef', 'kind') === 'Role';
  const role = isRole
    ? find(cluster, 'rbac.authorization.k8s.io/roles', `${binding.metadata.namespace}/${name}`)
    : find(cluster, 'rbac.authorization.k8s.io/clusterroles', name);
  return listAt(role, 'rules');
}

/** Whether roles and their bindings alone allow it. */
export function mayByRoles(cluster: KubernetesClusterState, user: User, action: Action): boolean {
  const local =
    'path' in action || action.namespace === undefined
      ? []
      : namespaced(cluster, action.namespace, 'rbac.authorization.k8s.io/rolebindings');
  return [...all(cluster, 'rbac.authorization.k8s.io/clusterrolebindings'), ...local].some(
    (binding) =>
      listAt(binding, 'subjects').some((subject) => isSubject(subject, user, binding.metadata.namespace)) &&
      rulesOf(cluster, binding).some((rule) => ruleAllows(rule, action)),
  );
}

// What every authenticated user may: discovery, and asking about itself.
function byDefault(user: User, action: Action): boolean {
  const known = user.groups.includes('system:authenticated');
  if ('path' in action) return action.verb === 'get' && under(known ? discoveryPaths : publicPaths, action.path);
  return (
    known &&
    action.verb === 'create' &&
    ['selfsubjectaccessreviews', 'selfsubjectrulesreviews', 'selfsubjectreviews'].includes(action.resource)
  );
}

/** Whether a user may do something: by group, by access policy, or by RBAC. */
export function may(cluster: KubernetesClusterState, user: User, action: Action): boolean {
  return (
    user.groups.includes('system:masters') || byDefault(user, action) || byAccessPolicy(user, action) || mayByRoles(cluster, user, action)
  );
}

/** Throws 403 with the API server's own words. */
export function authorize(cluster: KubernetesClusterState, user: User, action: Action): void {
  if (may(cluster, user, action)) return;
  if ('path' in action) {
    throw failure(403, 'Forbidden', `forbidden: User "${user.username}" cannot ${action.verb} path "${action.path}"`, {});
  }
  const { verb, group, resource, subresource, namespace, name } = action;
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const subject = `${group === '' ? resource : `${resource}.${group}`}${name === '' ? '' : ` "${name}"`}`;
  const message = `${subject} is forbidden: User "${user.username}" cannot ${verb} resource "${what}" in API group "${group}" ${where}`;
  throw failure(403, 'Forbidden', message, { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: resource });
}
