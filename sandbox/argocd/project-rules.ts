import { fail } from './grpc.ts';
import type { ProjectSpec } from './project.ts';

interface Role {
  readonly name?: string;
  readonly policies?: readonly string[];
}

/** Refuses a project's spec by the rules of `ValidateProject` in Argo CD's app_project_types.go. */
export function refuseInvalidSpec(project: string, spec: ProjectSpec): void {
  refuseDestinations(spec);
  const repositories = spec.sourceRepos ?? [];
  if (repositories.includes('!*')) fail('InvalidArgument', "source repository has an invalid format, '!*'");
  const repository = firstTwice(repositories);
  if (repository !== undefined) fail('InvalidArgument', `source repository '${repository}' already added`);
  const roles = (spec.roles ?? []) as readonly Role[];
  const role = firstTwice(roles.map(({ name = '' }) => name));
  if (role !== undefined) fail('AlreadyExists', `role '${role}' already exists`);
  for (const { name = '', policies = [] } of roles) refuseRole(project, name, policies);
}

/** A destination is known by its address; by its name only where it has no address. */
function refuseDestinations({ destinations = [] }: ProjectSpec): void {
  for (const destination of destinations) {
    for (const field of ['name', 'server', 'namespace'] as const)
      if (destination[field] === '!*') fail('InvalidArgument', `${field} has an invalid format, '!*'`);
  }
  const twice = firstTwice(
    destinations.map(({ server = '', name = '', namespace = '' }) => `${server === '' ? name : server}/${namespace}`),
  );
  if (twice !== undefined) fail('InvalidArgument', `destination '${twice}' already added`);
}

function refuseRole(project: string, role: string, policies: readonly string[]): void {
  if (!/^[a-zA-Z0-9]([-_a-zA-Z0-9]*[a-zA-Z0-9])?$/.test(role)) {
    const rule = "Must consist of alphanumeric characters, '-' or '_', and must start and end with an alphanumeric character";
    fail('InvalidArgument', `invalid role name '${role}'. ${rule}`);
  }
  const twice = firstTwice(policies);
  if (twice !== undefined) fail('AlreadyExists', `policy '${twice}' already exists for role '${role}'`);
  for (const policy of policies) {
    const problem = policyProblem(project, role, policy);
    if (problem !== null) fail('InvalidArgument', `invalid policy rule '${policy}': ${problem}`);
  }
}

/** `p, proj:<project>:<role>, <resource>, <action>, <project>/<object>, allow|deny`. */
function policyProblem(project: string, role: string, policy: string): string | null {
  const [kind, subject, , , object = '', effect, ...more] = policy.split(',').map((part) => part.trim());
  if (kind !== 'p' || effect === undefined || more.length > 0) return "must be of the form: 'p, sub, res, act, obj, eft'";
  if (subject !== `proj:${project}:${role}`) return `policy subject must be: 'proj:${project}:${role}', not '${subject}'`;
  if (!object.startsWith(`${project}/`)) {
    return `object must be of form '${project}/*', '${project}[/<NAMESPACE>]/<APPNAME>' or '${project}/<APPNAME>', not '${object}'`;
  }
  return effect === 'allow' || effect === 'deny' ? null : "effect must be: 'allow' or 'deny'";
}

function firstTwice(texts: readonly string[]): string | undefined {
  return texts.find((text, index) => texts.indexOf(text) !== index);
}
