import { EksDrError } from '../kit/errors.ts';
import { type GatewayClients, readLinks } from './read-links.ts';

/** The id of a VPC link by its name, for writing. A stage variable stays as it is. */
export async function linkId(clients: GatewayClients, region: string, name: string): Promise<string> {
  if (name.startsWith('${')) return name;
  const link = (await readLinks(clients, region)).find((one) => one.name === name);
  if (link !== undefined) return link.id;
  throw new EksDrError('conflict', {
    message: `There is no VPC link ${name} in ${region} (any more).`,
    target: `VPC link ${name}`,
    remedy: 'Run prepare-endpoints again, or plan this step again: both make the links of this run.',
  });
}
