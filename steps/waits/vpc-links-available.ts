import * as z from 'zod';
import { type GatewayClients, readLinks } from '../api-gateway/read-links.ts';
import { defineWait } from '../kit/wait.ts';

const args = z.strictObject({ region: z.string(), names: z.array(z.string()) });

/** VPC links that integrations can go through. */
export const vpcLinksAvailable = defineWait<z.infer<typeof args>, GatewayClients>({
  wait: 'vpc-links-available',
  args,
  title: ({ region, names }) => `${names.length} VPC links in ${region} are available: ${names.join(', ')}`,
  expectedSeconds: 180,
  limitSeconds: 1200,
  everySeconds: 10,
  only: 'changes',
  async look(clients, { region, names }) {
    const links = await readLinks(clients, region);
    const found = names.map((name) => ({ name, link: links.find((one) => one.name === name) }));
    const failed = found.filter(({ link }) => link?.status === 'FAILED');
    if (failed.length > 0) {
      const reason = failed.map(({ name, link }) => `${name} has failed${link?.message === '' ? '' : `: ${link?.message}`}`).join('; ');
      return { done: false, reason: `${reason}. Delete it, then run the step again`, failed: true };
    }
    const waiting = found.filter(({ link }) => link?.status !== 'AVAILABLE');
    if (waiting.length === 0) return { done: true };
    return { done: false, reason: waiting.map(({ name, link }) => `${name} is ${link?.status.toLowerCase() ?? 'not there'}`).join(', ') };
  },
});
