import * as z from 'zod';
import { checkedLoadBalancers } from '../../endpoints/load-balancers.ts';
import { definePart, sortedBy } from '../part.ts';

/** `zoneId`: the canonical hosted zone; `stack`: the value of the stack tag. */
const schema = z.array(
  z.strictObject({
    dnsName: z.string().min(1),
    type: z.enum(['network', 'application']),
    scheme: z.enum(['internet-facing', 'internal']),
    zoneId: z.string().min(1),
    stack: z.string(),
    healthy: z.boolean(),
  }),
);

/** The load balancers that the controller of the primary made, by their tags. */
export const loadBalancers = definePart({
  schema,
  words: 'load balancers',
  system: 'Elastic Load Balancing in the primary region',
  size: (value) => value.length,

  async read(clients, { primary: { region, cluster } }) {
    const balancers = await checkedLoadBalancers(await clients.elb(region), cluster);
    return sortedBy(
      balancers.map(({ dnsName, type, scheme, zoneId, stack, problem }) => ({
        dnsName,
        type,
        scheme,
        zoneId,
        stack,
        healthy: problem === null,
      })),
      ({ stack, dnsName }) => `${stack} ${dnsName}`,
    );
  },
});
