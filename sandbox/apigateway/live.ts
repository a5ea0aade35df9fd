import type { ApiGatewayRegion, HttpApi, HttpIntegration, HttpStage, RestApi, RestIntegration, RestSnapshot, RestStage } from './state.ts';

/** A text with the stage variables filled in; what no variable stands for stays as it is. */
export function withVariables(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{stageVariables\.(\w+)\}/g, (whole, name: string) => variables[name] ?? whole);
}

/** The methods that a stage of a REST API serves: those of its deployment, not what was edited since. */
export function liveSnapshot(api: RestApi, stage: RestStage): RestSnapshot {
  return api.deployments[stage.deploymentId]?.snapshot ?? {};
}

function filled<T extends object>(integration: T, variables: Readonly<Record<string, string>>): T {
  const entries = Object.entries(integration).map(([key, value]) => [
    key,
    typeof value === 'string' ? withVariables(value, variables) : value,
  ]);
  return Object.fromEntries(entries) as T;
}

/** What clients of a stage of a REST API reach, by `<verb> <path>`. */
export function liveRest(api: RestApi, stage: RestStage): Record<string, RestIntegration> {
  const methods = Object.entries(liveSnapshot(api, stage)).flatMap(([path, verbs]) =>
    Object.values(verbs).map((method) => [`${method.httpMethod} ${path}`, method.integration] as const),
  );
  return Object.fromEntries(methods.flatMap(([key, each]) => (each === undefined ? [] : [[key, filled(each, stage.variables)]])));
}

/** What clients of a stage of an HTTP or WebSocket API reach, by route key. */
export function liveHttp(api: HttpApi, stage: HttpStage): Record<string, HttpIntegration> {
  const snapshot = api.deployments[stage.deploymentId ?? '']?.snapshot ?? {};
  return Object.fromEntries(Object.entries(snapshot).map(([key, integration]) => [key, filled(integration, stage.variables)]));
}

/** The ids of the VPC links that deployed stages of a region send requests over. */
export function linksInUse({ restApis, httpApis }: ApiGatewayRegion): Set<string> {
  const rest = Object.values(restApis).flatMap((api) =>
    Object.values(api.stages).flatMap((stage) => Object.values(liveRest(api, stage)).map(({ connectionId }) => connectionId)),
  );
  const http = Object.values(httpApis).flatMap((api) =>
    Object.values(api.stages).flatMap((stage) => Object.values(liveHttp(api, stage)).map(({ connectionId }) => connectionId)),
  );
  return new Set([...rest, ...http].filter((id) => id !== undefined));
}
