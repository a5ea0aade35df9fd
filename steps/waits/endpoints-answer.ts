import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { clusterLoadBalancers } from '../endpoints/load-balancers.ts';
import { probeEndpoints } from '../endpoints/probe-endpoints.ts';
import { probe } from '../estate/policy.ts';
import { brief } from '../kit/text.ts';
import { defineWait } from '../kit/wait.ts';
import { clusterArgs } from './cluster-args.ts';

/** So long probes are tried: the names of new load balancers take a minute or two to be known everywhere. */
const PATIENCE_SECONDS = 180;
/** What a look may take beyond that: the last tries. */
const LOOK_SECONDS = 60;

/** The new load balancers answer the probes of the estate. When patience ends this wait is done too: the step names every probe that fails. */
export const endpointsAnswer = defineWait({
  wait: 'endpoints-answer',
  args: clusterArgs.extend({ probes: z.array(probe) }),
  title: ({ probes, cluster }) => `The load balancers of ${cluster} answer ${probes.length} probes`,
  expectedSeconds: 30,
  limitSeconds: PATIENCE_SECONDS + LOOK_SECONDS,
  everySeconds: 10,

  async look(clients: Pick<Clients, 'elb' | 'endpoint'>, { region, cluster, probes }, waitedSeconds) {
    if (waitedSeconds >= PATIENCE_SECONDS) return { done: true };
    const balancers = await clusterLoadBalancers(await clients.elb(region), cluster);
    const failing = await probeEndpoints(await clients.endpoint(), probes, balancers);
    if (failing.length === 0) return { done: true };
    return { done: false, reason: `${failing.length} of ${probes.length} fail: ${brief(failing.join('; '), 300)}` };
  },
});
