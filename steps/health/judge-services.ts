import type { ArgoApplication } from '../clients/argocd.ts';
import { EksDrError } from '../kit/errors.ts';
import { type Cause, causeText } from './cause.ts';
import { causeLines, type FailingService } from './cause-lines.ts';
import { serviceCause } from './service-cause.ts';
import { serviceHealth } from './service-health.ts';
import { policyMet, type Tiers, tierResults } from './tier-policy.ts';

export interface JudgedService {
  readonly name: string;
  readonly application: string;
  readonly tier: string;
  readonly status: 'healthy' | 'unhealthy' | 'waived';
  readonly reason: string | null;
}

export interface Judgement {
  readonly total: number;
  readonly healthy: number;
  readonly services: JudgedService[];
}

interface Facts {
  readonly services: readonly { readonly name: string; readonly application: string; readonly tier: string; readonly namespace?: string }[];
  readonly applications: readonly ArgoApplication[];
  /** What the cluster says about why an application is unhealthy, where that is known. */
  readonly causes?: ReadonlyMap<string, Cause>;
  /** Services that a person has accepted to be unhealthy. */
  readonly waived: readonly string[];
  readonly tiers: Tiers;
}

/** How every service stands. Throws `unhealthy` when a tier falls short of its policy, with the services listed by cause. */
export function judgeServices({ services, applications, causes, waived, tiers }: Facts): Judgement {
  const byName = new Map(applications.map((application) => [application.metadata.name, application]));
  const looked = services.map((service) => {
    const health = serviceHealth(byName.get(service.application));
    const cause = serviceCause(health, causes?.get(service.application));
    const isStuck = health.status === 'failed' && health.forGood;
    return {
      ...service,
      cause,
      isStuck,
      status: cause === null ? 'healthy' : waived.includes(service.name) ? 'waived' : 'unhealthy',
    } as const;
  });
  const results = tierResults(looked, tiers);
  if (!policyMet(results)) {
    const failing = looked.flatMap(({ cause, ...service }) =>
      cause === null || service.status === 'waived' ? [] : [{ ...service, cause }],
    );
    throw unhealthy(failing, results);
  }
  const judged = looked.map(
    ({ name, application, tier, status, cause }): JudgedService => ({
      name,
      application,
      tier,
      status,
      reason: cause === null ? null : causeText(cause),
    }),
  );
  return { total: judged.length, healthy: judged.filter(({ status }) => status === 'healthy').length, services: judged };
}

const WAIVE = 'or accept a service as it is with a waiver.';

function unhealthy(
  failing: readonly (FailingService & { readonly isStuck: boolean })[],
  results: ReturnType<typeof tierResults>,
): EksDrError {
  const short = results
    .filter(({ good, needed }) => good < needed)
    .map(({ tier, good, total, needed }) => `${tier}: ${good} of ${total} healthy, ${needed} needed`);
  return new EksDrError('unhealthy', {
    message: `Too few services are healthy (${short.join('; ')}). ${causeLines(failing).map(sentence).join(' ')}`,
    target: failing.map(({ name }) => name).join(', '),
    remedy: failing.some(({ isStuck }) => isStuck)
      ? `Mend the named causes. Then run merge-deploy again, which syncs what nothing syncs by itself any more, and this step after it; ${WAIVE}`
      : `Mend the named causes and run the step again; ${WAIVE}`,
  });
}

function sentence(line: string): string {
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}.`;
}
