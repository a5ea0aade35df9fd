import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { readDistribution } from '../cloudfront/distributions.ts';
import { defineWait } from '../kit/wait.ts';

const args = z.strictObject({ distributions: z.array(z.string()) });

/** Every edge location has the newest configuration of each. */
export const cloudfrontDistributionsDeployed = defineWait<z.infer<typeof args>, Pick<Clients, 'cloudfront'>>({
  wait: 'cloudfront-distributions-deployed',
  args,
  title: ({ distributions }) => `${distributions.length} CloudFront distributions are deployed`,
  expectedSeconds: 300,
  limitSeconds: 1800,
  everySeconds: 15,
  async look({ cloudfront: connect }, { distributions }) {
    const cloudfront = await connect();
    const found = await Promise.all(
      distributions.map(async (id) => ({ id, status: (await readDistribution(cloudfront, id))?.status ?? 'gone' })),
    );
    const open = found.filter(({ status }) => status !== 'Deployed');
    if (open.length === 0) return { done: true };
    const some = open.slice(0, 5).map(({ id, status }) => `${id} is ${status}`);
    return { done: false, reason: `${some.join(', ')}${open.length > some.length ? ` and ${open.length - some.length} more` : ''}` };
  },
});
