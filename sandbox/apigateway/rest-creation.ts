import { jsonResponse } from '../aws/rest-json.ts';
import type { SandboxResponse } from '../system.ts';
import { type ApiCall, type ApiRoute, restApiOf } from './call.ts';
import { badRequest, conflict } from './faults.ts';
import { newId } from './ids.ts';
import { checkVariables, flagIn, mapIn, optionalText, tagsIn, textIn } from './input.ts';
import { methodView, resourceOf, resourceView, restApiView } from './rest-apis.ts';
import { stageView } from './rest-stages.ts';
import type { RestApi, RestResource, RestStage } from './state.ts';

function endpointType(body: ApiCall['body']): RestApi['endpointType'] {
  const { types = ['EDGE'] } = (body.endpointConfiguration ?? {}) as { readonly types?: readonly string[] };
  const [type = ''] = types;
  if (types.length !== 1 || !['EDGE', 'REGIONAL', 'PRIVATE'].includes(type)) throw badRequest('Invalid endpoint configuration types');
  return type as RestApi['endpointType'];
}

function createApi({ sandbox, state, body, now }: ApiCall): SandboxResponse {
  const { apigateway } = sandbox.world;
  const root: RestResource = { id: newId(apigateway, 10), path: '/', methods: {} };
  const description = optionalText(body, 'description');
  const api: RestApi = {
    id: newId(apigateway, 10),
    name: textIn(body, 'name'),
    ...(description === undefined ? {} : { description }),
    createdAt: now,
    endpointType: endpointType(body),
    rootResourceId: root.id,
    tags: tagsIn(body),
    resources: { [root.id]: root },
    deployments: {},
    stages: {},
  };
  state.restApis[api.id] = api;
  return jsonResponse(restApiView(api), 201);
}

function createResource(call: ApiCall): SandboxResponse {
  const api = restApiOf(call);
  const parent = resourceOf(call);
  const pathPart = textIn(call.body, 'pathPart');
  if (!/^([A-Za-z0-9._\-:~]+|\{[A-Za-z0-9._\-:]+\+?\})$/.test(pathPart))
    throw badRequest(
      "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end",
    );
  const path = `${parent.path === '/' ? '' : parent.path}/${pathPart}`;
  if (Object.values(api.resources).some((resource) => resource.path === path))
    throw conflict(`Another resource with the same parent already has this name: ${pathPart}`);
  const resource: RestResource = { id: newId(call.sandbox.world.apigateway, 6), parentId: parent.id, pathPart, path, methods: {} };
  api.resources[resource.id] = resource;
  return jsonResponse(resourceView(resource, false), 201);
}

const verbs: readonly string[] = ['ANY', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

function putMethod(call: ApiCall): SandboxResponse {
  const resource = resourceOf(call);
  const httpMethod = call.parameters.httpMethod ?? '';
  if (!verbs.includes(httpMethod)) throw badRequest('Invalid HTTP method specified');
  if (resource.methods[httpMethod] !== undefined) throw conflict('Method already exists for this resource');
  const authorizationType = textIn(call.body, 'authorizationType');
  const method = { httpMethod, authorizationType, apiKeyRequired: flagIn(call.body, 'apiKeyRequired') ?? false };
  resource.methods[httpMethod] = method;
  return jsonResponse(methodView(method), 201);
}

function createStage(call: ApiCall): SandboxResponse {
  const { body, now } = call;
  const api = restApiOf(call);
  const name = textIn(body, 'stageName');
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(name)) throw badRequest('Stage name only allows a-zA-Z0-9_-');
  if (api.stages[name] !== undefined) throw conflict('Stage already exists');
  const deploymentId = textIn(body, 'deploymentId');
  if (api.deployments[deploymentId] === undefined) throw badRequest('Deployment id does not exist');
  const variables = mapIn(body, 'variables') ?? {};
  checkVariables(variables);
  const tracingEnabled = flagIn(body, 'tracingEnabled') ?? false;
  const stage: RestStage = { name, deploymentId, variables, tracingEnabled, createdAt: now, updatedAt: now, tags: tagsIn(body) };
  api.stages[name] = stage;
  return jsonResponse(stageView(stage), 201);
}

/** What makes REST APIs and takes them away, so that a client can. */
export const restCreationRoutes: readonly ApiRoute[] = [
  {
    name: 'CreateRestApi',
    method: 'POST',
    pattern: '/restapis',
    body: ['name', 'description', 'endpointConfiguration', 'tags'],
    run: createApi,
  },
  {
    name: 'DeleteRestApi',
    method: 'DELETE',
    pattern: '/restapis/{restApiId}',
    run: (call) => {
      delete call.state.restApis[restApiOf(call).id];
      return jsonResponse({}, 202);
    },
  },
  {
    name: 'CreateResource',
    method: 'POST',
    pattern: '/restapis/{restApiId}/resources/{resourceId}',
    body: ['pathPart'],
    run: createResource,
  },
  {
    name: 'PutMethod',
    method: 'PUT',
    pattern: '/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}',
    body: ['authorizationType', 'apiKeyRequired'],
    run: putMethod,
  },
  {
    name: 'CreateStage',
    method: 'POST',
    pattern: '/restapis/{restApiId}/stages',
    body: ['stageName', 'deploymentId', 'variables', 'tracingEnabled', 'tags'],
    run: createStage,
  },
];
