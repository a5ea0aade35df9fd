import type { DomainNameConfiguration, GetDomainNameResponse } from '@aws-sdk/client-apigatewayv2';
import type { ApiGatewayV2 } from '../clients/aws.ts';
import { unlessMissing } from '../clients/aws-errors.ts';
import { allPages } from '../clients/aws-pages.ts';
import { openApi } from './open-api.ts';
import type { GatewayClients } from './read-links.ts';

/** A custom domain name of a region: where DNS has to point for it, and whether it would answer. */
export interface CustomDomain {
  readonly name: string;
  /** The regional domain name, `d-abc123.execute-api.<region>.amazonaws.com`. */
  readonly target: string;
  /** The hosted zone of an alias to it. */
  readonly zoneId: string;
  /** Why it can't take users, in a few words; null: it is AVAILABLE, and an API that is deployed stands behind it. */
  readonly problem: string | null;
}

const REGIONAL = /^d-[a-z0-9]+\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

/** The region of a regional domain name of API Gateway (normalised); null: it is none. */
export function regionOfTarget(host: string): string | null {
  return REGIONAL.exec(host)?.[1] ?? null;
}

/** A custom domain name as a region has it; null: it has none of this name. Both versions of API Gateway share them. */
export async function readDomain(clients: GatewayClients, region: string, name: string): Promise<CustomDomain | null> {
  const gateway = await clients.apiGatewayV2(region);
  const found = await unlessMissing(gateway.getDomainName({ DomainName: name }), 'NotFoundException');
  return found === null ? null : domainOf(clients, gateway, region, { ...found, DomainName: name });
}

/** The custom domain name to which a regional domain name of a region belongs; null: to none there. */
export async function domainOfTarget(clients: GatewayClients, region: string, target: string): Promise<CustomDomain | null> {
  const gateway = await clients.apiGatewayV2(region);
  const all = await allPages(async (NextToken) => {
    const page = await gateway.getDomainNames({ MaxResults: '100', NextToken });
    return [page.Items, page.NextToken];
  });
  const found = all.find((one) => regional(one)?.ApiGatewayDomainName === target);
  return found === undefined ? null : domainOf(clients, gateway, region, found);
}

async function domainOf(
  clients: GatewayClients,
  gateway: ApiGatewayV2,
  region: string,
  found: Omit<GetDomainNameResponse, '$metadata'>,
): Promise<CustomDomain> {
  const { DomainName: name = '', RoutingMode } = found;
  const configuration = regional(found);
  const { ApiGatewayDomainName: target = '', HostedZoneId: zoneId = '' } = configuration ?? {};
  const problem = configurationProblem(configuration);
  if (problem !== null) return { name, target, zoneId, problem };
  // Routing rules lead to APIs by headers and paths: what they would serve is not looked at.
  if (RoutingMode === 'ROUTING_RULE_ONLY') return { name, target, zoneId, problem: null };
  return { name, target, zoneId, problem: await mappingProblem(clients, gateway, region, name) };
}

function regional({ DomainNameConfigurations = [] }: Omit<GetDomainNameResponse, '$metadata'>): DomainNameConfiguration | undefined {
  return DomainNameConfigurations.find(({ EndpointType }) => EndpointType === 'REGIONAL');
}

function configurationProblem(found: DomainNameConfiguration | undefined): string | null {
  if (found === undefined) return 'it is not regional';
  const { DomainNameStatus, DomainNameStatusMessage = '', CertificateArn, ApiGatewayDomainName, HostedZoneId } = found;
  if (DomainNameStatus !== 'AVAILABLE') {
    return `its status is ${DomainNameStatus ?? 'not known'}${DomainNameStatusMessage === '' ? '' : ` (${DomainNameStatusMessage})`}`;
  }
  if (CertificateArn === undefined) return 'it has no certificate';
  return ApiGatewayDomainName === undefined || HostedZoneId === undefined ? 'it has no regional domain name' : null;
}

async function mappingProblem(clients: GatewayClients, gateway: ApiGatewayV2, region: string, DomainName: string): Promise<string | null> {
  const mappings = await allPages(async (NextToken) => {
    const page = await gateway.getApiMappings({ DomainName, MaxResults: '100', NextToken });
    return [page.Items, page.NextToken];
  });
  if (mappings.length === 0) return 'no API is mapped to it';
  for (const { ApiId = '', Stage = '' } of mappings) if (await isDeployed(clients, { region, id: ApiId }, Stage)) return null;
  return `none of the APIs mapped to it is deployed: ${mappings.map(({ ApiId, Stage }) => `${ApiId} ${Stage}`).join(', ')}`;
}

async function isDeployed(clients: GatewayClients, ref: { readonly region: string; readonly id: string }, stage: string): Promise<boolean> {
  const api = await openApi(clients, ref, async () => []);
  return (await api?.stages())?.some(({ name, deployment }) => name === stage && deployment !== '') ?? false;
}
