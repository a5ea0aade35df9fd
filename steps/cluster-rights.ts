import type { ClusterRight } from './kit/step.ts';
import { compareText } from './kit/text.ts';
import type { Permission } from './waits/kubernetes-permission.ts';

/** To look at objects. */
export function reads(group: string, ...resources: readonly string[]): ClusterRight[] {
  return resources.map((resource) => ({ group, resource, verbs: ['get', 'list'] }));
}

/** To make objects, keep them as they should be, and take them back: server-side apply is create and patch. */
export function manages(group: string, ...resources: readonly string[]): ClusterRight[] {
  return resources.map((resource) => ({ group, resource, verbs: ['get', 'list', 'create', 'patch', 'delete'] }));
}

/** What tells whether a webhook can be called. */
export const webhookReads: readonly ClusterRight[] = [
  ...reads('admissionregistration.k8s.io', 'mutatingwebhookconfigurations', 'validatingwebhookconfigurations'),
  ...reads('discovery.k8s.io', 'endpointslices'),
  ...reads('', 'secrets'),
];

/** Every right that one of the steps needs, each once, in order of groups and resources. */
export function permissionsOf(steps: readonly { readonly onCluster?: readonly ClusterRight[] | undefined }[]): Permission[] {
  const all = steps.flatMap(({ onCluster = [] }) =>
    onCluster.flatMap(({ group, resource, verbs }) => verbs.map((verb) => ({ verb, group, resource }))),
  );
  const byName = new Map(all.map((permission) => [`${permission.group}/${permission.resource} ${permission.verb}`, permission]));
  return [...byName].toSorted(([a], [b]) => compareText(a, b)).map(([, permission]) => permission);
}
