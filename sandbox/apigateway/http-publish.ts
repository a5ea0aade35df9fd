import { newId } from './ids.ts';
import type { ApiGatewayState, HttpApi, HttpDeployment, HttpSnapshot } from './state.ts';

/** How long a change takes to the stages that deploy by themselves (ms of sandbox time). */
const AUTO_DEPLOY_MS = 4_000;

/** The API as it stands now: integrations by route. */
export function httpSnapshot({ routes, integrations }: HttpApi): HttpSnapshot {
  const pairs = Object.values(routes).flatMap(({ routeKey, target = '' }) => {
    const integration = integrations[target.replace('integrations/', '')];
    return integration === undefined ? [] : [[routeKey, structuredClone(integration)] as const];
  });
  return Object.fromEntries(pairs);
}

export function deployHttp(
  state: ApiGatewayState,
  api: HttpApi,
  now: number,
  options: { readonly autoDeployed: boolean; readonly description?: string },
): HttpDeployment {
  const deployment: HttpDeployment = { id: newId(state, 6), createdAt: now, snapshot: httpSnapshot(api), ...options };
  api.deployments[deployment.id] = deployment;
  return deployment;
}

/** Notes that an API was changed, for the stages that deploy by themselves. */
export function changed(api: HttpApi, now: number): void {
  if (Object.values(api.stages).some(({ autoDeploy }) => autoDeploy)) api.autoDeployAt = now + AUTO_DEPLOY_MS;
}

/** Publishes the last change on the stages that deploy by themselves, once it is time. */
export function autoDeploy(state: ApiGatewayState, api: HttpApi, now: number): void {
  if (api.autoDeployAt === undefined || api.autoDeployAt > now) return;
  const at = api.autoDeployAt;
  delete api.autoDeployAt;
  const stages = Object.values(api.stages).filter((stage) => stage.autoDeploy);
  if (stages.length === 0) return;
  const description = 'Automatic deployment triggered by changes to the Api configuration';
  const deployment = deployHttp(state, api, at, { autoDeployed: true, description });
  for (const stage of stages) {
    stage.deploymentId = deployment.id;
    stage.updatedAt = at;
  }
}
