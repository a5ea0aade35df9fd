import { domainOfTarget, regionOfTarget } from '../api-gateway/custom-domain.ts';
import type { Clients } from '../clients/clients.ts';
import type { Estate } from '../estate/estate.ts';
import { asBearable, EksDrError } from '../kit/errors.ts';
import type { Json } from '../kit/json.ts';
import type { Log } from '../kit/log.ts';
import type { Change } from '../kit/resource.ts';
import type { Run } from '../kit/run.ts';
import type { Place } from './endpoint-map.ts';
import { normalisedHost } from './host-name.ts';
import { problemsByHost } from './load-balancers.ts';

interface FailbackContext {
  readonly run: Pick<Run, 'mode' | 'unhealthyPrimary'>;
  readonly estate: Pick<Estate, 'primary'>;
  readonly clients: Pick<Clients, 'elb' | 'apiGateway' | 'apiGatewayV2'>;
  readonly log: Log;
  readonly needs: { readonly inventory: { readonly loadBalancers: readonly OldEndpoint[] } };
  readonly changes: readonly Change[];
}

type OldEndpoint = Pick<Place, 'dnsName'> & Partial<Pick<Place, 'arn'>> & { readonly listeners?: readonly { readonly arn: string }[] };

/**
 * For the `beforeUndo` of steps that switch endpoints: the load balancers of the primary to which users go back are active and have healthy
 * targets, and the custom domain names of API Gateway are available with an API behind them. Where they are not, a person must have accepted
 * it. A drill is only told: no user goes by its endpoints.
 */
export async function primaryTakesUsers(context: FailbackContext): Promise<void> {
  const { run, estate, log, needs, changes } = context;
  const hosts = hostsGoneBackTo(changes, needs.inventory.loadBalancers);
  const [balancers, domains] = await Promise.all([
    hosts.length === 0 ? [] : problemsWith(context, hosts),
    domainProblems(context, domainsGoneBackTo(changes)),
  ]);
  const problems = [...balancers, ...domains];
  if (problems.length === 0) return;
  const { region, cluster } = estate.primary;
  const what = `Users would be sent back to endpoints of ${cluster} in ${region} that can't be seen to take them: ${problems.join('; ')}`;
  const accepted = run.unhealthyPrimary;
  if (run.mode === 'drill') return log.warn(`${what}. In a drill nobody is: this goes on.`);
  if (accepted !== undefined) return log.warn(`${what}. ${accepted.by} accepts it: ${accepted.reason}`);
  throw new EksDrError('unhealthy', {
    message: `${what}. Nothing was changed.`,
    target: cluster,
    remedy:
      "Bring the primary back (its pods, its nodes, the targets of these load balancers, the APIs behind these domain names) and undo again. To give the recovery up while it is dead: eks-dr undo --run <folder> --accept-unhealthy-primary '<why>'; in Jenkins, ACCEPT_UNHEALTHY_PRIMARY.",
  });
}

async function problemsWith({ clients, estate }: FailbackContext, hosts: readonly string[]): Promise<string[]> {
  const { region } = estate.primary;
  try {
    const problems = await problemsByHost(await clients.elb(region), hosts);
    return [...problems].flatMap(([host, problem]) => (problem === null ? [] : [`${host}: ${problem}`]));
  } catch (thrown) {
    return [`${hosts.join(', ')}: ${silence(region, thrown)}`];
  }
}

/** What is wrong with the custom domain names to which these regional domain names belong. */
function domainProblems({ clients }: FailbackContext, targets: readonly RegionalTarget[]): Promise<string[]> {
  const problems = targets.map(async ({ host, region }): Promise<string[]> => {
    try {
      const domain = await domainOfTarget(clients, region, host);
      if (domain === null) return [`${host}: no custom domain name in ${region} has it any more`];
      return domain.problem === null ? [] : [`${host} (${domain.name}): ${domain.problem}`];
    } catch (thrown) {
      return [`${host}: ${silence(region, thrown)}`];
    }
  });
  return Promise.all(problems).then((all) => all.flat());
}

function silence(region: string, thrown: unknown): string {
  const { category, message } = asBearable(thrown);
  const how = category === 'unavailable' || category === 'timeout' ? `${region} does not answer` : `${region} won't tell`;
  return `${how}: ${message.replace(/\.$/, '')}`;
}

interface RegionalTarget {
  readonly host: string;
  readonly region: string;
}

/** The regional domain names of API Gateway that the changes bring back: they tell their regions themselves. */
function domainsGoneBackTo(changes: readonly Change[]): RegionalTarget[] {
  const words = [...new Set(changes.flatMap(({ after }) => wordsIn(after)))];
  return words.flatMap((host) => {
    const region = regionOfTarget(host);
    return region === null ? [] : [{ host, region }];
  });
}

/** The load balancers of the primary that stand, by host name or ARN, in what the changes bring back. */
function hostsGoneBackTo(changes: readonly Change[], old: readonly OldEndpoint[]): string[] {
  const words = new Set(changes.flatMap(({ after }) => wordsIn(after)));
  const stands = ({ dnsName, arn, listeners = [] }: OldEndpoint): boolean =>
    [normalisedHost(dnsName), arn ?? '', ...listeners.map((listener) => listener.arn)].some((word) => word !== '' && words.has(word));
  return old.filter(stands).map(({ dnsName }) => normalisedHost(dnsName));
}

/** Every text in a state, as it is and in the form of host names. */
function wordsIn(state: Json): string[] {
  if (typeof state === 'string') return [state, normalisedHost(state)];
  if (typeof state !== 'object' || state === null) return [];
  return Object.values(state).flatMap(wordsIn);
}
