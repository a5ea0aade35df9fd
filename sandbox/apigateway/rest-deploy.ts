import { badRequest } from './faults.ts';
import { hasVariable } from './reach.ts';
import type { ApiGatewayRegion, RestApi, RestMethod, RestSnapshot } from './state.ts';

/** The API as it stands now, for a deployment to keep. Every edit is in it, whoever made it. Throws when it can't be served. */
export function snapshotOf(state: ApiGatewayRegion, api: RestApi): RestSnapshot {
  const resources = Object.values(api.resources).filter(({ methods }) => Object.keys(methods).length > 0);
  if (resources.length === 0) throw badRequest("The REST API doesn't contain any methods");
  for (const method of resources.flatMap(({ methods }) => Object.values(methods))) checkDeployable(state, method);
  return Object.fromEntries(resources.map(({ path, methods }) => [path, structuredClone(methods)]));
}

function checkDeployable({ vpcLinksV1, vpcLinksV2 }: ApiGatewayRegion, { integration }: RestMethod): void {
  if (integration === undefined) throw badRequest('No integration defined for method');
  const { connectionId } = integration;
  if (connectionId === undefined || hasVariable(connectionId)) return;
  const link = vpcLinksV1[connectionId] ?? vpcLinksV2[connectionId];
  if (link === undefined || ['DELETING', 'FAILED'].includes(link.status))
    throw badRequest(`The VPC link ${connectionId} of an integration is ${link?.status ?? 'not there'}`);
}

/** The links of an API that are still being made: a deployment waits for them. */
export function pendingLinks({ vpcLinksV1, vpcLinksV2 }: ApiGatewayRegion, api: RestApi): string[] {
  const ids = Object.values(api.resources).flatMap(({ methods }) =>
    Object.values(methods).map(({ integration }) => integration?.connectionId),
  );
  return ids.filter((id) => id !== undefined).filter((id) => (vpcLinksV1[id] ?? vpcLinksV2[id])?.status === 'PENDING');
}
