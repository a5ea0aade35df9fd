import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { listVpcOrigins } from '../cloudfront/vpc-origins.ts';
import { defineWait } from '../kit/wait.ts';

const args = z.strictObject({ names: z.array(z.string()) });

/** Until then no distribution may use them. */
export const cloudfrontVpcOriginsDeployed = defineWait<z.infer<typeof args>, Pick<Clients, 'cloudfront'>>({
  wait: 'cloudfront-vpc-origins-deployed',
  args,
  title: ({ names }) => `CloudFront reaches ${names.length} load balancers by VPC origins`,
  expectedSeconds: 600,
  limitSeconds: 1800,
  everySeconds: 15,
  async look({ cloudfront }, { names }) {
    const all = await listVpcOrigins(await cloudfront());
    const open = names.map((name) => ({ name, status: all.find((one) => one.name === name)?.status ?? 'not there' }));
    const failed = open.find(({ status }) => status === 'Failed');
    if (failed !== undefined) return { done: false, failed: true, reason: `the VPC origin ${failed.name} has failed` };
    const waiting = open.filter(({ status }) => status !== 'Deployed');
    if (waiting.length === 0) return { done: true };
    return { done: false, reason: waiting.map(({ name, status }) => `${name} is ${status}`).join(', ') };
  },
});
