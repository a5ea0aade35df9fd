import type { ArgoApplication } from '../clients/argocd.ts';
import type { Clients, ClusterRef } from '../clients/clients.ts';
import { brief } from '../kit/text.ts';
import { causeLines, type FailingService } from './cause-lines.ts';
import { knownCauses } from './known-causes.ts';
import { serviceCause } from './service-cause.ts';
import { serviceHealth } from './service-health.ts';

/** Logs why services are not healthy yet, one line a cause: whoever waits may mend it meanwhile. */
export async function tellCauses(
  clients: Pick<Clients, 'kubernetes' | 'log'>,
  cluster: ClusterRef,
  services: readonly Omit<FailingService, 'cause'>[],
  applications: ReadonlyMap<string, ArgoApplication>,
): Promise<void> {
  const known = await knownCauses(
    clients,
    cluster,
    services.flatMap(({ application }) => applications.get(application) ?? []),
  );
  const failing = services.flatMap((service) => {
    const cause = serviceCause(serviceHealth(applications.get(service.application)), known.get(service.application));
    return cause === null ? [] : [{ ...service, cause }];
  });
  for (const line of causeLines(failing)) clients.log.info(`not healthy yet: ${brief(line, 500)}`);
}
