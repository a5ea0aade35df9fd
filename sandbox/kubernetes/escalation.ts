import { isDeepStrictEqual } from 'node:util';
import type { User } from './authenticate.ts';
import { type Action, may, mayByRoles } from './authorize.ts';
import { forbidden } from './failure.ts';
import { at, type KubeObject, listAt, textAt } from './object.ts';
import { type ResourceType, resourceOf } from './resources.ts';
import { type Context, find } from './store.ts';

const RBAC = 'rbac.authorization.k8s.io';

/**
 * Nobody grants by a role or a binding what they don't hold by roles themselves, unless they may `escalate` or `bind` it.
 * What an access policy of EKS allows does not count as held: RBAC knows nothing of those. Throws 403.
 */
export function checkEscalation(
  context: Context,
  user: User,
  type: ResourceType,
  before: KubeObject | undefined,
  object: KubeObject,
): void {
  if (type.group !== RBAC || user.groups.includes('system:masters')) return;
  const isSame = isDeepStrictEqual([before?.rules, before?.subjects], [object.rules, object.subjects]);
  if (before !== undefined && isSame) return;
  const { name, namespace } = object.metadata;
  const isBinding = object.roleRef !== undefined;
  const role = isBinding ? roleOf(context, object) : { resource: type.plural, name, rules: listAt(object, 'rules') };
  const allowing = {
    verb: isBinding ? 'bind' : 'escalate',
    group: RBAC,
    resource: role.resource,
    subresource: '',
    namespace,
    name: role.name,
  };
  if (may(context.cluster, user, allowing)) return;
  const missing = role.rules
    .flatMap(singleRules)
    .filter(({ actions }) => !actions.every((each) => mayByRoles(context.cluster, user, each(namespace))));
  if (missing.length === 0) return;
  const groups = user.groups.map((group) => JSON.stringify(group)).join(' ');
  const list = missing.map(({ shown }) => `\n${shown}`).join('');
  const why = `user "${user.username}" (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:${list}`;
  throw forbidden(type, name, why);
}

function roleOf({ cluster }: Context, binding: KubeObject): { resource: string; name: string; rules: readonly unknown[] } {
  const name = textAt(binding, 'roleRef', 'name') ?? '';
  const resource = at(binding, 'roleRef', 'kind') === 'Role' ? 'roles' : 'clusterroles';
  const key = resource === 'roles' ? `${binding.metadata.namespace}/${name}` : name;
  return { resource, name, rules: listAt(find(cluster, resourceOf({ group: RBAC, plural: resource }), key), 'rules') };
}

interface SingleRule {
  /** As Kubernetes prints the rule. */
  readonly shown: string;
  readonly actions: readonly ((namespace: string | undefined) => Action)[];
}

const quoted = (values: readonly unknown[]): string => `[${values.map((each) => JSON.stringify(each)).join(' ')}]`;

/** A rule taken apart by group, resource and name: each is judged, and reported, by itself. */
function singleRules(rule: unknown): readonly SingleRule[] {
  const verbs = listAt(rule, 'verbs').map(String);
  const names = listAt(rule, 'resourceNames').map(String);
  const urls = listAt(rule, 'nonResourceURLs').map(String);
  const resources = listAt(rule, 'apiGroups').flatMap((group) =>
    listAt(rule, 'resources').map((each) => ({ group: String(group), each: String(each) })),
  );
  const byResource = resources.map(({ group, each }): SingleRule => {
    const [resource = '', subresource = ''] = each.split('/');
    const shownNames = names.length === 0 ? '' : `, ResourceNames:${quoted(names)}`;
    return {
      shown: `{APIGroups:${quoted([group])}, Resources:${quoted([each])}${shownNames}, Verbs:${quoted(verbs)}}`,
      actions: verbs.flatMap((verb) =>
        (names.length === 0 ? [''] : names).map((name) => (namespace: string | undefined) => ({
          verb,
          group,
          resource,
          subresource,
          namespace,
          name,
        })),
      ),
    };
  });
  const byUrl = urls.map(
    (path): SingleRule => ({
      shown: `{NonResourceURLs:${quoted([path])}, Verbs:${quoted(verbs)}}`,
      actions: verbs.map((verb) => () => ({ verb, path })),
    }),
  );
  return [...byResource, ...byUrl];
}
