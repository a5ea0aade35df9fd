import { canonicalJson, isJsonObject, type Json, type JsonObject } from '../kit/json.ts';
import { endpointText, type GatewayEndpoint, type GatewayLink, sameEndpoint } from './gateway-endpoint.ts';
import { type Links, linksFor } from './read-links.ts';

/** What a stage serves, or what the API says and would serve once deployed: by route (`GET /cart`). */
export interface StageContent {
  readonly routes: ReadonlyMap<string, GatewayEndpoint>;
  /** Everything else that can be compared, by what it belongs to: a route, or `settings`. */
  readonly rest: ReadonlyMap<string, string>;
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];
const ANY = 'x-amazon-apigateway-any-method';
const INTEGRATION = 'x-amazon-apigateway-integration';
/** Of where the stage is, not of what it serves. */
const OF_THE_STAGE = ['openapi', 'info', 'servers', 'tags', 'x-amazon-apigateway-importexport-version'];
/** What {@link exportedIntegrations} gives apart. */
const WHERE_IT_LEADS = ['uri', 'connectionId', 'connectionType', 'integrationTarget'];

/** One operation of an exported API: its integration, and the rest of it. */
interface Exported {
  readonly route: string;
  readonly endpoint: GatewayEndpoint;
  readonly integration: JsonObject;
  readonly operation: JsonObject;
}

/** The operations of an OpenAPI document as API Gateway exports it, with its extensions. */
export async function exportedOperations(text: string, links: Links): Promise<Exported[]> {
  const operations = operationsIn(text);
  const known = await linksFor(
    operations.map(({ integration }) => textOf(integration.connectionId)),
    links,
  );
  return operations.map(({ integration, ...rest }) => {
    const connection = linkName(textOf(integration.connectionId), known);
    return { ...rest, integration, endpoint: { uri: textOf(integration.uri), connection, target: textOf(integration.integrationTarget) } };
  });
}

function operationsIn(text: string): Omit<Exported, 'endpoint'>[] {
  const document = JSON.parse(text) as Json;
  const paths = isJsonObject(document) && isJsonObject(document.paths ?? null) ? (document.paths as JsonObject) : {};
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(isJsonObject(item) ? item : {}).flatMap(([method, operation]) => {
      if (!METHODS.includes(method) && method !== ANY) return [];
      const { [INTEGRATION]: found = {}, ...rest } = isJsonObject(operation) ? operation : {};
      const integration = isJsonObject(found) ? found : {};
      return [{ route: `${method === ANY ? 'ANY' : method.toUpperCase()} ${path}`, integration, operation: rest }];
    }),
  );
}

/** The content of an exported HTTP API: all of the document counts. */
export async function exportedContent(text: string, links: Links): Promise<StageContent> {
  const operations = await exportedOperations(text, links);
  const { paths: _paths, ...document } = JSON.parse(text) as JsonObject;
  const settings = Object.fromEntries(Object.entries(document).filter(([name]) => !OF_THE_STAGE.includes(name)));
  const rest = operations.map(({ route, integration, operation }): [string, string] => {
    const others = Object.fromEntries(Object.entries(integration).filter(([name]) => !WHERE_IT_LEADS.includes(name)));
    return [route, canonicalJson({ integration: others, operation })];
  });
  return {
    routes: new Map(operations.map(({ route, endpoint }) => [route, endpoint])),
    rest: new Map([...rest, ['settings', canonicalJson(settings)]]),
  };
}

/** The edits of an API that nobody has deployed to a stage, one line each; not those that lead where `wanted` does. */
export function undeployedEdits(live: StageContent, current: StageContent, wanted: ReadonlyMap<string, string> | null): string[] {
  const routes = [...new Set([...live.routes.keys(), ...current.routes.keys()])].sort();
  return [
    ...routes.flatMap((route) => {
      const [served, said] = [live.routes.get(route), current.routes.get(route)];
      if (served === undefined) return [`${route} is new`];
      if (said === undefined) return [`${route} was removed`];
      if (live.rest.get(route) !== current.rest.get(route)) return [`${route} was changed`];
      if (sameEndpoint(served, said) || wanted?.get(route) === endpointText(said)) return [];
      return [`${route} leads elsewhere`];
    }),
    ...(live.rest.get('settings') === current.rest.get('settings') ? [] : ['settings of the API were changed']),
  ];
}

/** The name of a link by its id; what is no id of a link (a stage variable) stays. */
export function linkName(connection: string, links: readonly GatewayLink[]): string {
  return links.find(({ id }) => id === connection)?.name ?? connection;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
