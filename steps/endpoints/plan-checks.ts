import type { Route53 } from '../clients/aws.ts';
import { EksDrError } from '../kit/errors.ts';
import type { Run } from '../kit/run.ts';
import { checksOf, type EndpointCheck, isSwitched } from './health-checks.ts';
import { inTheFormOf, normalisedHost } from './host-name.ts';
import type { PlannedSwitch, SwitchInputs } from './plan-zone.ts';

export interface PlannedChecks {
  readonly switches: readonly { readonly id: { readonly healthCheck: string }; readonly state: { readonly fqdn: string } }[];
  /** For people: checks that go on looking at an old endpoint. */
  readonly leftAlone: readonly string[];
}

/**
 * The health checks that look at old endpoints, each with its new one. Route 53 takes a record out of service whose check fails, and a check
 * of a lost endpoint fails: `records` are those that are switched.
 */
export async function planChecks(
  route53: Route53,
  mode: Run['mode'],
  { oldEndpoints, pairs }: SwitchInputs,
  records: PlannedSwitch['switches'],
): Promise<PlannedChecks> {
  const checks = await readable(() => checksOf(route53, oldEndpoints));
  if (typeof checks === 'string') return { switches: [], leftAlone: [`Health checks can't be looked at, and stay as they are: ${checks}`] };
  const successors = new Map(pairs.map((pair) => [normalisedHost(pair.old.dnsName), pair.new.dnsName]));
  const switches: PlannedChecks['switches'][number][] = [];
  const leftAlone: string[] = [];
  for (const check of checks) {
    const successor = successors.get(normalisedHost(check.fqdn));
    if (successor !== undefined && isSwitched(check, mode))
      switches.push({ id: { healthCheck: check.id }, state: { fqdn: inTheFormOf(check.fqdn, successor) } });
    else leftAlone.push(leftText(check, successor === undefined ? 'which has no successor' : scopeText(mode), records));
  }
  return { switches, leftAlone };
}

/** That we may not look stops no switch: it would not be better without it. */
async function readable<T>(look: () => Promise<T>): Promise<T | string> {
  try {
    return await look();
  } catch (thrown) {
    if (!(thrown instanceof EksDrError) || thrown.category !== 'permission') throw thrown;
    return thrown.message;
  }
}

function scopeText(mode: Run['mode']): string {
  return mode === 'drill' ? "and is not a drill's (no tag eks-dr:scope=drill)" : 'and is made for drills';
}

function leftText({ id, fqdn }: EndpointCheck, why: string, records: PlannedSwitch['switches']): string {
  const users = records.filter(({ state }) => state.routing.HealthCheckId === id).map(({ id: { name, type } }) => `${name} ${type}`);
  const out =
    users.length === 0 ? '' : ` Once it fails, Route 53 takes these out of service, though they are switched: ${users.join('; ')}.`;
  return `The health check ${id} goes on looking at ${fqdn}, ${why}.${out}`;
}
