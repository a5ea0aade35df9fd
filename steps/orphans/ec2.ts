import type { Ec2 } from '../clients/aws.ts';
import { allPages } from '../clients/aws-pages.ts';
import type { Clients } from '../clients/clients.ts';
import { instances } from '../leftovers/ec2-things.ts';
import { findLeftovers } from '../leftovers/find-leftovers.ts';
import { RUN_TAG } from '../naming.ts';
import type { Orphan, Search } from './search.ts';

const removal: Readonly<Record<string, (id: string) => string>> = {
  vpc: (id) => `delete-vpc --vpc-id ${id} (all that lies in it first)`,
  subnet: (id) => `delete-subnet --subnet-id ${id}`,
  'security-group': (id) => `delete-security-group --group-id ${id}`,
  'security-group-rule': (id) => `revoke-security-group-ingress --security-group-rule-ids ${id} --group-id (of the group that it is in)`,
  instance: (id) => `terminate-instances --instance-ids ${id}`,
  volume: (id) => `delete-volume --volume-id ${id}`,
  'network-interface': (id) => `delete-network-interface --network-interface-id ${id}`,
  'launch-template': (id) => `delete-launch-template --launch-template-id ${id}`,
};

/** What carries the tag of the run, of whatever kind, and what carries the tags of its cluster. */
export const ec2Search: Search = {
  system: 'EC2',
  async search({ run, clients, cluster }) {
    const { region } = cluster;
    const all = [...(await withTag(await clients.ec2(region), region, run.id)), ...(await leftoversOf(clients, cluster))];
    return all.filter(({ what }, index) => all.findIndex((other) => other.what === what) === index);
  },
};

/** Rules that let the new cluster in lie where the old one's neighbours are: in regions that may be away, and must hide nothing of the target's. */
export const ec2ElsewhereSearch: Search = {
  system: 'EC2 of other regions',
  async search({ run, estate, clients, cluster }) {
    const regions = estate.networkPaths.regions.filter((region) => region !== cluster.region);
    return (await Promise.all(regions.map(async (region) => withTag(await clients.ec2(region), region, run.id)))).flat();
  },
};

async function withTag(ec2: Ec2, region: string, run: string): Promise<Orphan[]> {
  const Filters = [
    { Name: 'key', Values: [RUN_TAG] },
    { Name: 'value', Values: [run] },
  ];
  const tags = await allPages(async (NextToken) => {
    const page = await ec2.describeTags({ Filters, NextToken });
    return [page.Tags, page.NextToken];
  });
  // EC2 goes on showing a terminated instance for about an hour.
  const running = new Set((await instances(ec2, [{ Name: `tag:${RUN_TAG}`, Values: [run] }])).map(({ id }) => id));
  return tags.flatMap(({ ResourceType: kind = '', ResourceId: id = '' }) =>
    kind === 'instance' && !running.has(id) ? [] : [orphan(region, kind, id)],
  );
}

async function leftoversOf(clients: Clients, cluster: { readonly region: string; readonly cluster: string }): Promise<Orphan[]> {
  const left = await findLeftovers(clients, cluster);
  const kinds = [
    ['instance', left.instances],
    ['launch-template', left.launchTemplates],
    ['network-interface', left.networkInterfaces],
    ['volume', left.volumes],
    ['security-group', left.securityGroups],
  ] as const;
  return kinds.flatMap(([kind, found]) => found.map(({ id }) => orphan(cluster.region, kind, id)));
}

function orphan(region: string, kind: string, id: string): Orphan {
  const command = removal[kind]?.(id);
  const remove = command === undefined ? `delete it in the console of EC2` : `aws ec2 --region ${region} ${command}`;
  return { what: `${kind} ${id}`, where: region, remove };
}
