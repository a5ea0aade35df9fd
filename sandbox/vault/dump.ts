import type { World } from '../world.ts';

/** Tokens come and go by themselves; of what they are for, nothing is left out. */
export function dumpVault({ vault }: World): unknown {
  const { sealed, auth, kubernetes, approles, mounts, secrets, policies } = vault;
  const bare = (all: typeof auth): unknown =>
    Object.fromEntries(Object.entries(all).map(([path, { accessor: _generated, ...mount }]) => [path, mount]));
  return {
    sealed,
    auth: bare(auth),
    kubernetes,
    approles,
    mounts: bare(mounts),
    secrets: Object.fromEntries(Object.entries(secrets).map(([path, { versions }]) => [path, versions.map(({ data }) => data)])),
    policies,
  };
}
