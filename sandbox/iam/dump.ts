import type { World } from '../world.ts';

function document(source: string): unknown {
  return JSON.parse(source);
}

/** IAM by names: what exists and what it says, without ids and times. */
export function dumpIam({ iam }: World): unknown {
  const roles = Object.values(iam.roles).map((role) => [
    role.name,
    {
      path: role.path,
      trust: document(role.trust),
      description: role.description,
      maxSessionDuration: role.maxSessionDuration,
      permissionsBoundary: role.permissionsBoundary,
      tags: role.tags,
      attached: [...role.attached].sort(),
      inline: Object.fromEntries(Object.entries(role.inline).map(([name, source]) => [name, document(source)])),
    },
  ]);
  const profiles = Object.values(iam.instanceProfiles).map(({ name, role, tags }) => [name, { role, tags }]);
  const policies = Object.values(iam.policies).map((policy) => {
    const current = policy.versions.find(({ id }) => id === policy.defaultVersion);
    return [policy.arn, { description: policy.description, tags: policy.tags, document: document(current?.document ?? 'null') }];
  });
  const providers = Object.values(iam.oidcProviders).map(({ url, clientIds, tags }) => [url, { clientIds: [...clientIds].sort(), tags }]);
  return {
    roles: Object.fromEntries(roles),
    ...(profiles.length === 0 ? {} : { instanceProfiles: Object.fromEntries(profiles) }),
    policies: Object.fromEntries(policies),
    oidcProviders: Object.fromEntries(providers),
  };
}
