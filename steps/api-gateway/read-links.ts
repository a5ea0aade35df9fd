import { allPages } from '../clients/aws-pages.ts';
import type { Clients } from '../clients/clients.ts';
import type { GatewayLink } from './gateway-endpoint.ts';

export type GatewayClients = Pick<Clients, 'apiGateway' | 'apiGatewayV2'>;

/** A VPC link with what its drivers want to know. */
export interface ReadLink extends GatewayLink {
  readonly status: string;
  readonly message: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
}

/** Reads links when something goes through one: most APIs are public. */
export type Links = () => Promise<readonly GatewayLink[]>;

/** The links that these connections may go through. */
export async function linksFor(connections: readonly (string | undefined)[], links: Links): Promise<readonly GatewayLink[]> {
  return connections.some((connection = '') => connection !== '') ? links() : [];
}

/** The VPC links of a region, of both versions. Names need not be unique: those of several get their ids behind them. */
export async function readLinks(clients: GatewayClients, region: string): Promise<ReadLink[]> {
  const [first, second] = await Promise.all([readFirst(clients, region), readSecond(clients, region)]);
  const all = [...first, ...second];
  return all.map((link) => ({
    ...link,
    name: all.filter(({ name }) => name === link.name).length > 1 ? `${link.name} (${link.id})` : link.name,
  }));
}

/** Links of the first version: REST APIs reach one network load balancer through each. */
export async function readFirst(clients: GatewayClients, region: string): Promise<ReadLink[]> {
  const gateway = await clients.apiGateway(region);
  const links = await allPages(async (position) => {
    const page = await gateway.getVpcLinks({ limit: 500, position });
    return [page.items, page.position];
  });
  return links.map(({ id = '', name = '', targetArns = [], status = '', statusMessage = '', tags = {} }) => {
    return { id, name, version: 1, targets: targetArns, status, message: statusMessage, tags, subnets: [], securityGroups: [] };
  });
}

/** Links of the second version: they lead into a VPC. */
export async function readSecond(clients: GatewayClients, region: string): Promise<ReadLink[]> {
  const gateway = await clients.apiGatewayV2(region);
  const links = await allPages(async (NextToken) => {
    const page = await gateway.getVpcLinks({ MaxResults: '100', NextToken });
    return [page.Items, page.NextToken];
  });
  return links.map((link) => ({
    id: link.VpcLinkId ?? '',
    name: link.Name ?? '',
    version: 2,
    targets: [],
    status: link.VpcLinkStatus ?? '',
    message: link.VpcLinkStatusMessage ?? '',
    tags: link.Tags ?? {},
    subnets: (link.SubnetIds ?? []).toSorted(),
    securityGroups: (link.SecurityGroupIds ?? []).toSorted(),
  }));
}
