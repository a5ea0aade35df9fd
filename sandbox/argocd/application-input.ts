import type { Application, Destination, Metadata, Source, Spec } from './application.ts';
import { type Call, objectIn } from './call.ts';
import { findDestination } from './clusters.ts';
import { sourceProblems, specProblems } from './conditions.ts';
import { fail } from './grpc.ts';
import { isObject } from './json.ts';
import { ARGOCD_NAMESPACE } from './state.ts';

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

/**
 * Refuses an application that its project doesn't allow, or (with `validate`) whose source can't be rendered. What is wrong is told one after
 * the other: the project, the destination, the source, and last what the project permits.
 */
export function refuseInvalid(call: Call, app: Pick<Application, 'metadata' | 'spec'>, validate: boolean): void {
  const { world } = call.sandbox;
  const { namespace = '', name } = app.metadata;
  const { project } = app.spec;
  if (call.state.projects[project] === undefined || (namespace !== '' && namespace !== ARGOCD_NAMESPACE))
    fail('InvalidArgument', `app is not allowed in project "${project}", or the project does not exist`);
  const destination = findDestination(world, app.spec.destination);
  if ('problem' in destination) fail('InvalidArgument', `application destination spec for ${name} is invalid: ${destination.problem}`);
  const unsound = validate ? sourceProblems(world, app) : [];
  const problems = unsound.length > 0 ? unsound : specProblems(world, app);
  if (problems.length === 0) return;
  const text = problems.map(({ type, message }) => `${type}: ${message}`).join(';');
  fail('InvalidArgument', `application spec for ${name} is invalid: ${text}`);
}
