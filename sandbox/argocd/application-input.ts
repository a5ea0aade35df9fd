import type { Application, Destination, Metadata, Source, Spec } from './application.ts';
import { type Call, objectIn } from './call.ts';
import { repositoryProblems, specProblems } from './conditions.ts';
import { fail } from './grpc.ts';
import { isObject } from './json.ts';

const SPEC_MEMBERS: readonly string[] = [
  'project',
  'source',
  'sources',
  'destination',
  'syncPolicy',
  'ignoreDifferences',
  'info',
  'revisionHistoryLimit',
  'sourceHydrator',
];

/** The application in a request's body. Members that the type doesn't have are refused. */
export function applicationIn(body: Readonly<Record<string, unknown>>): Pick<Application, 'metadata' | 'spec'> {
  const metadata = objectIn(body.metadata, 'metadata');
  const spec = objectIn(body.spec, 'spec');
  const name = String(metadata.name ?? '');
  if (!/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name)) {
    fail(
      'InvalidArgument',
      `Application.argoproj.io "${name}" is invalid: metadata.name: Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters`,
    );
  }
  const namespace = metadata.namespace;
  if (namespace !== undefined && namespace !== '' && namespace !== 'argocd') {
    fail('PermissionDenied', `namespace '${String(namespace)}' is not permitted`);
  }
  const unknown = Object.keys(spec).find((member) => !SPEC_MEMBERS.includes(member));
  if (unknown !== undefined) fail('InvalidArgument', `unknown field "${unknown}" in v1alpha1.ApplicationSpec`);
  const { syncPolicy, sources, source, ...rest } = spec;
  const cleaned = {
    ...rest,
    ...(isObject(source) ? { source: source as unknown as Source } : {}),
    ...(Array.isArray(sources) && sources.length > 0 ? { sources: sources as Source[] } : {}),
    ...(isObject(syncPolicy) ? { syncPolicy } : {}),
    destination: (isObject(spec.destination) ? spec.destination : {}) as Destination,
    project: String(spec.project ?? '') || 'default',
  } satisfies Spec;
  return { metadata: { ...metadata, name } as Metadata, spec: cleaned };
}

/** Refuses a spec that its project doesn't allow, or (with `validate`) whose repository isn't known. */
export function refuseInvalid(call: Call, app: Pick<Application, 'metadata' | 'spec'>, validate: boolean): void {
  const { world } = call.sandbox;
  if (call.state.projects[app.spec.project] === undefined) {
    fail(
      'InvalidArgument',
      `error while validating and normalizing app: application references project ${app.spec.project} which does not exist`,
    );
  }
  const problems = [...specProblems(world, app), ...(validate ? repositoryProblems(world, app) : [])];
  if (problems.length === 0) return;
  const text = problems.map(({ type, message }) => `${type}: ${message}`).join(';');
  fail('InvalidArgument', `error while validating and normalizing app: application spec for ${app.metadata.name} is invalid: ${text}`);
}
