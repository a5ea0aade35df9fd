import pLimit from 'p-limit';
import type { EndpointClient } from '../clients/endpoint.ts';
import type { HttpProbe } from '../estate/policy.ts';
import { describeKey, type EndpointKey } from './endpoint-map.ts';
import { expectedText, isExpected } from './expected-status.ts';

/** So many probes at once. */
const AT_ONCE = 8;

type Balancer = EndpointKey & { readonly dnsName: string };

/** Sends every probe once through its load balancer; one sentence for each that fails, in the order of the probes. */
export async function probeEndpoints(
  client: EndpointClient,
  probes: readonly HttpProbe[],
  balancers: readonly Balancer[],
): Promise<string[]> {
  const limit = pLimit(AT_ONCE);
  const problems = await Promise.all(probes.map((probe) => limit(() => problemOf(client, probe, balancers))));
  return probes.flatMap((probe, index) => {
    const problem = problems[index] ?? null;
    return problem === null ? [] : [`${probe.name} (${urlOf(probe)}): ${problem}`];
  });
}

export function urlOf({ scheme, host, port, path }: HttpProbe): string {
  return `${scheme}://${host}${port === undefined ? '' : `:${port}`}${path}`;
}

async function problemOf(client: EndpointClient, probe: HttpProbe, balancers: readonly Balancer[]): Promise<string | null> {
  const { stack, host, scheme, path, port = scheme === 'https' ? 443 : 80, expectStatus } = probe;
  const candidates = stack === undefined ? balancers : balancers.filter((balancer) => balancer.stack === stack);
  const [balancer] = candidates;
  if (balancer === undefined) return stack === undefined ? 'there is no load balancer' : `there is no load balancer of ${stack}`;
  if (candidates.length > 1)
    return `which of ${candidates.length} load balancers is meant can't be told: ${candidates.map(describeKey).join(', ')}`;
  const answer = await client.ask({ address: balancer.dnsName, host, scheme, port, path });
  if ('problem' in answer) return `${answer.problem} (at ${balancer.dnsName})`;
  return isExpected(answer.status, expectStatus)
    ? null
    : `status ${answer.status} instead of ${expectedText(expectStatus)} (at ${balancer.dnsName})`;
}
