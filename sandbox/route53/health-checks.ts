import { awsFault } from '../aws/fault.ts';
import { namedList, type XmlValue } from '../aws/xml.ts';
import type { Sandbox, SandboxRequest, SandboxResponse } from '../system.ts';
import type { World } from '../world.ts';
import { maxItems } from './list-records.ts';
import type { HealthCheck, HealthCheckConfig } from './state.ts';
import { allowElements, child, childText, parseXml, type XmlNode, xmlResponse } from './xml.ts';
import { nextHealthCheckId } from './zones.ts';

const MOST_ON_A_PAGE = 100;
/** Those that look at an endpoint. The sandbox has none that go by other checks, alarms or routing controls. */
const ENDPOINT_TYPES = ['HTTP', 'HTTPS', 'HTTP_STR_MATCH', 'HTTPS_STR_MATCH', 'TCP'];
const OTHER_TYPES = ['CALCULATED', 'CLOUDWATCH_METRIC', 'RECOVERY_CONTROL'];

/** Settings that an update may change, by how they are written. */
const TEXTS = ['IPAddress', 'ResourcePath', 'FullyQualifiedDomainName', 'SearchString'] as const;
const NUMBERS = { Port: [1, 65_535], FailureThreshold: [1, 10] } as const;
const FLAGS = ['Inverted', 'Disabled', 'EnableSNI'] as const;
const CHANGEABLE = [...TEXTS, ...Object.keys(NUMBERS), ...FLAGS];
/** Settings for good. */
const FIXED = ['Type', 'RequestInterval', 'MeasureLatency'];

export function healthCheckById(world: World, id: string): HealthCheck {
  const check = world.route53.healthChecks[id];
  if (check !== undefined) return check;
  throw awsFault(404, 'NoSuchHealthCheck', `No health check exists with the specified ID: ${id}`);
}

export function createHealthCheck(request: SandboxRequest, { world }: Sandbox): SandboxResponse {
  const root = parseXml(request.body, 'CreateHealthCheckRequest');
  allowElements(root, ['CallerReference', 'HealthCheckConfig']);
  const callerReference = childText(root, 'CallerReference') ?? '';
  const given = child(root, 'HealthCheckConfig');
  if (callerReference === '' || given === undefined) throw invalid('Invalid XML ; CallerReference and HealthCheckConfig are required.');
  const config = newConfig(given);
  const twin = Object.values(world.route53.healthChecks).find((check) => check.callerReference === callerReference);
  if (twin !== undefined && JSON.stringify(twin.config) !== JSON.stringify(config)) {
    throw awsFault(409, 'HealthCheckAlreadyExists', 'A health check with these settings, or with this caller reference, already exists.');
  }
  const check = twin ?? addHealthCheck(world, { callerReference, config });
  const answer = xmlResponse('CreateHealthCheckResponse', { HealthCheck: view(check) }, 201);
  return { ...answer, headers: { ...answer.headers, location: `https://route53.amazonaws.com/2013-04-01/healthcheck/${check.id}` } };
}

/** For seeds, too. */
export function addHealthCheck(
  world: World,
  { callerReference, config, tags = {} }: Pick<HealthCheck, 'callerReference' | 'config'> & { readonly tags?: Record<string, string> },
): HealthCheck {
  const id = nextHealthCheckId(world.route53);
  const check: HealthCheck = { id, callerReference, version: 1, config, tags };
  world.route53.healthChecks[id] = check;
  return check;
}

export function listHealthChecks(request: SandboxRequest, { world }: Sandbox): SandboxResponse {
  const marker = request.query.get('marker');
  const checks = Object.values(world.route53.healthChecks).sort((a, b) => (a.id < b.id ? -1 : 1));
  const start = marker === null ? 0 : checks.findIndex(({ id }) => id === marker);
  if (start < 0) throw invalid(`Invalid marker: ${marker}`);
  const size = maxItems(request, MOST_ON_A_PAGE);
  const next = checks[start + size];
  return xmlResponse('ListHealthChecksResponse', {
    HealthChecks: namedList('HealthCheck', checks.slice(start, start + size).map(view)),
    Marker: marker ?? '',
    IsTruncated: next !== undefined,
    NextMarker: next?.id,
    MaxItems: size,
  });
}

export function getHealthCheck(check: HealthCheck): SandboxResponse {
  return xmlResponse('GetHealthCheckResponse', { HealthCheck: view(check) });
}

/** Changes what is named; where a version is named too, only if that is still the one there is. */
export function updateHealthCheck(check: HealthCheck, request: SandboxRequest): SandboxResponse {
  const root = parseXml(request.body, 'UpdateHealthCheckRequest');
  allowElements(root, ['HealthCheckVersion', ...CHANGEABLE]);
  const version = childText(root, 'HealthCheckVersion');
  if (version !== undefined && Number(version) !== check.version) {
    throw awsFault(
      409,
      'HealthCheckVersionMismatch',
      "The value of HealthCheckVersion in the request doesn't match the value of HealthCheckVersion in the health check.",
    );
  }
  const config = { ...check.config, ...settings(root) };
  refuse(config);
  check.config = config;
  check.version += 1;
  return xmlResponse('UpdateHealthCheckResponse', { HealthCheck: view(check) });
}

/** Records that name it are not looked at: they count as healthy from then on, as Route 53 warns. */
export function deleteHealthCheck(check: HealthCheck, { world }: Sandbox): SandboxResponse {
  delete world.route53.healthChecks[check.id];
  return xmlResponse('DeleteHealthCheckResponse', {});
}

function newConfig(node: XmlNode): HealthCheckConfig {
  allowElements(node, [...FIXED, ...CHANGEABLE]);
  const Type = childText(node, 'Type') ?? '';
  if (OTHER_TYPES.includes(Type)) throw awsFault(501, 'NotImplemented', `The sandbox has no health checks of type ${Type}.`);
  if (!ENDPOINT_TYPES.includes(Type)) throw invalid(`Invalid XML ; '${Type}' is no type of a health check.`);
  const RequestInterval = Number(childText(node, 'RequestInterval') ?? 30);
  if (RequestInterval !== 10 && RequestInterval !== 30) throw invalid('RequestInterval must be 10 or 30.');
  const config: HealthCheckConfig = {
    Type,
    Port: Type.startsWith('HTTPS') ? 443 : 80,
    RequestInterval,
    FailureThreshold: 3,
    MeasureLatency: childText(node, 'MeasureLatency') === 'true',
    Inverted: false,
    Disabled: false,
    EnableSNI: Type.startsWith('HTTPS'),
    ...settings(node),
  };
  refuse(config);
  return config;
}

function settings(node: XmlNode): Partial<HealthCheckConfig> {
  const texts = TEXTS.map((name) => [name, childText(node, name)] as const);
  const numbers = Object.entries(NUMBERS).map(([name, [least, most]]) => {
    const value = childText(node, name);
    if (value === undefined) return [name, undefined] as const;
    const number = Number(value);
    if (!Number.isInteger(number) || number < least || number > most) throw invalid(`${name} must be from ${least} to ${most}.`);
    return [name, number] as const;
  });
  const flags = FLAGS.map((name) => [name, childText(node, name)] as const).map(
    ([name, value]) => [name, value === undefined ? undefined : value === 'true'] as const,
  );
  return Object.fromEntries([...texts, ...numbers, ...flags].filter(([, value]) => value !== undefined));
}

function refuse({ Type, FullyQualifiedDomainName: name, IPAddress: address, SearchString }: HealthCheckConfig): void {
  if (name === undefined && address === undefined) throw invalid('An endpoint needs an IPAddress or a FullyQualifiedDomainName.');
  if (name !== undefined && (name.length > 255 || !/^[a-z0-9_.-]+$/i.test(name)))
    throw invalid(`Invalid fully qualified domain name: ${name}`);
  if (Type.endsWith('STR_MATCH') !== (SearchString !== undefined)) throw invalid(`SearchString does not go with the type ${Type}.`);
}

function view({ id, callerReference, version, config }: HealthCheck): { readonly [name: string]: XmlValue } {
  return { Id: id, CallerReference: callerReference, HealthCheckConfig: { ...config }, HealthCheckVersion: version };
}

function invalid(message: string): Error {
  return awsFault(400, 'InvalidInput', message);
}
