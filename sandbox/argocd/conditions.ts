import type { World } from '../world.ts';
import { type Application, type Condition, type Source, sourcesOf } from './application.ts';
import { findDestination } from './clusters.ts';
import { permitsDestination, permitsSource } from './project.ts';
import { findRepository, renderSource } from './render.ts';

const INCOMPLETE = 'spec.source.repoURL and either spec.source.path or spec.source.chart are required';

export type Problem = Pick<Condition, 'type' | 'message'>;

/** What is wrong with a spec before anything is rendered, in the words of Argo CD; nothing when it may be compared. */
export function specProblems(world: World, app: Pick<Application, 'spec'>): Problem[] {
  const { spec } = app;
  const project = world.argocd.projects[spec.project || 'default'];
  if (project === undefined) return [invalid(`Application referencing project ${spec.project} which does not exist`)];
  const sources = sourcesOf(spec);
  if (sources.length === 0) return [invalid(INCOMPLETE)];
  const problems: Problem[] = [];
  for (const source of sources) {
    if (isIncomplete(source)) problems.push(invalid(INCOMPLETE));
    else if (!permitsSource(project, source))
      problems.push(invalid(`application repo ${source.repoURL} is not permitted in project '${spec.project}'`));
  }
  const destination = findDestination(world, spec.destination);
  if ('problem' in destination) return [...problems, invalid(`unable to find destination server: ${destination.problem}`)];
  if (!permitsDestination(project, destination)) {
    const { server, namespace } = destination;
    const where = `application destination server '${spec.destination.name || server}' and namespace '${namespace}'`;
    problems.push(invalid(`${where} do not match any of the allowed destinations in project '${spec.project}'`));
  }
  return problems;
}

/** What `validate=true` adds: the repositories must be readable, and there must be something to render in them. */
export function sourceProblems(world: World, app: Pick<Application, 'metadata' | 'spec'>): Problem[] {
  const sources = sourcesOf(app.spec);
  if (sources.length === 0) return [invalid(INCOMPLETE)];
  return sources.flatMap((source) => sourceProblem(world, app, source) ?? []);
}

function sourceProblem(world: World, { metadata, spec }: Pick<Application, 'metadata' | 'spec'>, source: Source): Problem | null {
  if (isIncomplete(source)) return invalid(INCOMPLETE);
  const isChart = source.chart !== undefined || source.repoURL.startsWith('oci://');
  if (!isChart && findRepository(world, source.repoURL) === null) {
    const why = 'error testing repository connectivity: unable to ls-remote HEAD on repository: failed to list refs: repository not found';
    return invalid(`repository not accessible: repositories not accessible: &Repository{Repo: "${source.repoURL}"}: ${why}: `);
  }
  const target = { application: metadata.name, namespace: spec.destination.namespace ?? '', renders: 0 };
  const rendered = renderSource(world, source, target, source.targetRevision || 'HEAD');
  if (rendered.ok) return null;
  return invalid(`Unable to generate manifests in ${source.path ?? ''}: rpc error: code = Unknown desc = ${rendered.message}`);
}

function isIncomplete({ repoURL, path, chart }: Source): boolean {
  return !repoURL || (path === undefined && chart === undefined);
}

function invalid(message: string): Problem {
  return { type: 'InvalidSpecError', message };
}
