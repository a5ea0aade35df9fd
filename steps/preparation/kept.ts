import type { Clients } from '../clients/clients.ts';
import type { JsonObject } from '../kit/json.ts';
import type { Resource } from '../kit/resource.ts';
import { isPreparation } from '../naming.ts';
import { iamPolicy } from '../resources/iam-policy.ts';
import { iamRole } from '../resources/iam-role.ts';

/** What belongs to a run, with what IAM does not change of it. */
const owned = [
  { driver: iamRole, fixed: ['path'] },
  { driver: iamPolicy, fixed: ['path', 'description'] },
] as const;

/** The same resources; what an earlier preparation made stays its own, and as IAM keeps it, so that nothing changes where nothing has to. */
export async function kept(clients: Pick<Clients, 'iam' | 'clock' | 'signal'>, resources: readonly Resource[]): Promise<Resource[]> {
  return Promise.all(
    resources.map(async (resource) => {
      const known = owned.find(({ driver }) => driver.kind === resource.kind);
      if (known === undefined) return resource;
      const [found] = await known.driver.plan(clients, [{ ...resource, desired: null }]);
      if (found === undefined || found.owner.kind !== 'run' || !isPreparation(found.owner.run)) return resource;
      const before = found.before as JsonObject;
      const stays = Object.fromEntries(['run', ...known.fixed].map((field) => [field, before[field] ?? null]));
      return { ...resource, desired: { ...(resource.desired as JsonObject), ...stays } };
    }),
  );
}
