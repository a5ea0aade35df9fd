import * as z from 'zod';
import { checkedLoadBalancers, withListeners } from '../../endpoints/load-balancers.ts';
import { definePart, sortedBy } from '../part.ts';

/** `zoneId`: the canonical hosted zone; `stack`: the value of the stack tag. An archive of old knows no ARNs and listeners. */
const schema = z.array(
  z.strictObject({
    dnsName: z.string().min(1),
    type: z.enum(['network', 'application']),
    scheme: z.enum(['internet-facing', 'internal']),
    zoneId: z.string().min(1),
    arn: z.string().default(''),
    listeners: z.array(z.strictObject({ arn: z.string().min(1), protocol: z.string(), port: z.number() })).default([]),
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
    const elb = await clients.elb(region);
    const balancers = await withListeners(elb, await checkedLoadBalancers(elb, cluster));
    return sortedBy(
      balancers.map(({ dnsName, type, scheme, zoneId, arn, listeners, stack, problem }) => ({
        dnsName,
        type,
        scheme,
        zoneId,
        arn,
        listeners: [...listeners],
        stack,
        healthy: problem === null,
      })),
      ({ stack, dnsName }) => `${stack} ${dnsName}`,
    );
  },
});
