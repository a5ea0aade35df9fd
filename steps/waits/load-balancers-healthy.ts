import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { describeKey, sameKey } from '../endpoints/endpoint-map.ts';
import { checkedLoadBalancers } from '../endpoints/load-balancers.ts';
import { defineWait } from '../kit/wait.ts';
import { clusterArgs } from './cluster-args.ts';

const key = z.strictObject({
  stack: z.string(),
  type: z.enum(['network', 'application']),
  scheme: z.enum(['internet-facing', 'internal']),
});
const args = clusterArgs.extend({ expected: z.array(key) });

/** After this long a load balancer that is not even being made does not come by waiting: the step lists it as a gap. */
const MISSING_SECONDS = 300;

/** The load balancers of the recovered services are there, active, and have healthy targets. */
export const loadBalancersHealthy = defineWait<z.infer<typeof args>, Pick<Clients, 'elb'>>({
  wait: 'load-balancers-healthy',
  args,
  title: ({ expected, cluster }) => `${expected.length} load balancers of ${cluster} have healthy targets`,
  expectedSeconds: 180,
  limitSeconds: 900,
  everySeconds: 10,
  async look(clients, { region, cluster, expected }, waitedSeconds) {
    const balancers = await checkedLoadBalancers(await clients.elb(region), cluster);
    const missing = expected.filter((wanted) => !balancers.some((balancer) => sameKey(balancer, wanted)));
    const ailing = balancers.filter((balancer) => balancer.problem !== null && expected.some((wanted) => sameKey(balancer, wanted)));
    const settled = missing.length === 0 || waitedSeconds >= MISSING_SECONDS;
    if (ailing.length === 0 && settled) return { done: true };
    const first = ailing[0] === undefined ? missing[0] : ailing[0];
    const example = first === undefined ? '' : `, such as ${describeKey(first)}${'problem' in first ? `: ${first.problem}` : ''}`;
    return { done: false, reason: `${missing.length} missing, ${ailing.length} not healthy of ${expected.length}${example}` };
  },
});
