import * as z from 'zod';
import type { Vault } from '../../clients/vault.ts';
import { vaultKubernetesRole } from '../../clients/vault-shapes.ts';
import { EksDrError } from '../../kit/errors.ts';
import { definePart, sortedBy } from '../part.ts';

const schema = z
  .strictObject({
    /** The path of the primary's auth method, without auth/. */
    mount: z.string(),
    accessor: z.string(),
    roles: z.array(z.strictObject({ name: z.string().min(1), role: vaultKubernetesRole })),
    /** Policies that name the accessor, and so mean nothing to another method; null where the token may not look. */
    policiesWithAccessor: z.array(z.string()).nullable(),
  })
  .nullable();

type VaultPart = z.infer<typeof schema>;

/** How the services of the primary log in to Vault; null where the estate has no Vault. */
export const vault = definePart({
  schema,
  words: 'roles of the primary in Vault',
  system: 'Vault',
  size: (value) => value?.roles.length ?? 0,
  read: async (clients, estate) => (estate.vault === undefined ? null : readVault(await clients.vault(), estate.vault.primaryMount)),
});

async function readVault(client: Vault, mount: string): Promise<VaultPart> {
  const found = await client.authMount(mount);
  if (found?.type !== 'kubernetes') {
    throw new EksDrError('remote-refused', {
      message: `Vault has no Kubernetes auth method at auth/${mount}${found === null ? '' : `, but one of type ${found.type}`}.`,
      target: 'vault.primaryMount',
      remedy: 'Correct vault.primaryMount in the estate.',
    });
  }
  const [names, policiesWithAccessor] = await Promise.all([client.kubernetesRoles(mount), policiesNaming(client, found.accessor)]);
  const roles = await Promise.all(
    names.map(async (name) => {
      const role = await client.kubernetesRole(mount, name);
      return role === null ? [] : [{ name, role }];
    }),
  );
  return { mount, accessor: found.accessor, roles: sortedBy(roles.flat(), ({ name }) => name), policiesWithAccessor };
}

async function policiesNaming(client: Vault, accessor: string): Promise<string[] | null> {
  try {
    const names = await client.policies();
    const found = await Promise.all(names.map(async (name) => ((await client.policy(name))?.includes(accessor) === true ? [name] : [])));
    return found.flat().toSorted();
  } catch (thrown) {
    if (thrown instanceof EksDrError && thrown.code === 'permission-denied') return null;
    throw thrown;
  }
}
