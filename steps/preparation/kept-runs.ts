import type { Clients } from '../clients/clients.ts';
import type { Resource } from '../kit/resource.ts';
import { isPreparation } from '../naming.ts';
import { iamPolicy } from '../resources/iam-policy.ts';
import { iamRole } from '../resources/iam-role.ts';

const owned = [iamRole, iamPolicy] as const;

/** The same resources; what an earlier preparation made stays its own, so that nothing changes where nothing has to. */
export async function keptRuns(clients: Pick<Clients, 'iam' | 'clock' | 'signal'>, resources: readonly Resource[]): Promise<Resource[]> {
  return Promise.all(
    resources.map(async (resource) => {
      const driver = owned.find(({ kind }) => kind === resource.kind);
      if (driver === undefined) return resource;
      const [found] = await driver.plan(clients, [{ ...resource, desired: null }]);
      const run = found?.owner.kind === 'run' ? found.owner.run : null;
      return run === null || !isPreparation(run) ? resource : { ...resource, desired: { ...(resource.desired as object), run } };
    }),
  );
}
