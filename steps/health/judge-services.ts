import type { ArgoApplication } from '../clients/argocd.ts';
import { EksDrError } from '../kit/errors.ts';
import { groupBy } from '../kit/keys.ts';
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
  readonly services: readonly { readonly name: string; readonly application: string; readonly tier: string }[];
  readonly applications: readonly ArgoApplication[];
  /** What the pods of an application say about why it is unhealthy, where that is known. */
  readonly reasons?: ReadonlyMap<string, string>;
  /** Services that a person has accepted to be unhealthy. */
  readonly waived: readonly string[];
  readonly tiers: Tiers;
}

/** How every service stands. Throws `unhealthy` when a tier falls short of its policy, with the services listed by cause. */
export function judgeServices({ services, applications, reasons, waived, tiers }: Facts): Judgement {
  const byName = new Map(applications.map((application) => [application.metadata.name, application]));
  const judged = services.map(({ name, application, tier }): JudgedService => {
    const health = serviceHealth(byName.get(application));
    if (health.status === 'healthy') return { name, application, tier, status: 'healthy', reason: null };
    const below = reasons?.get(application);
    const reason = below === undefined ? health.reason : `${health.reason}: ${below}`;
    return { name, application, tier, status: waived.includes(name) ? 'waived' : 'unhealthy', reason };
  });
  const results = tierResults(judged, tiers);
  if (!policyMet(results)) throw unhealthy(judged, results);
  return { total: judged.length, healthy: judged.filter(({ status }) => status === 'healthy').length, services: judged };
}

function unhealthy(services: readonly JudgedService[], results: ReturnType<typeof tierResults>): EksDrError {
  const short = results
    .filter(({ good, needed }) => good < needed)
    .map(({ tier, good, total, needed }) => `${tier}: ${good} of ${total} healthy, ${needed} needed`);
  const failing = services.filter(({ status }) => status === 'unhealthy');
  return new EksDrError('unhealthy', {
    message: `Too few services are healthy (${short.join('; ')}). ${causes(failing).join('. ')}.`,
    target: failing.map(({ name }) => name).join(', '),
    remedy: 'Mend the named causes and run the step again; or accept a service as it is with a waiver.',
  });
}

/** The services by cause, the most frequent cause first. */
function causes(services: readonly JudgedService[]): string[] {
  // Names in a message would make every cause different.
  const cause = ({ reason, name, application }: JudgedService): string =>
    (reason ?? 'unknown').replaceAll(application, '<application>').replaceAll(name, '<service>');
  return [...groupBy(services, cause)]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([reason, members]) => `${reason}: ${members.map(({ name }) => name).join(', ')}`);
}
