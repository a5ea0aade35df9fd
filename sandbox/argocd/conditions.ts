import type { World } from '../world.ts';
import { type Application, type Condition, sourcesOf } from './application.ts';
import { findDestination } from './clusters.ts';
import { permitsDestination, permitsSource } from './project.ts';
import { findRepository } from './render.ts';

export type Problem = Pick<Condition, 'type' | 'message'>;

/** What is wrong with a spec before anything is rendered, in the words of Argo CD; nothing when it may be compared. */
export function specProblems(world: World, app: Pick<Application, 'spec'>): Problem[] {
  const { spec } = app;
  const project = world.argocd.projects[spec.project || 'default'];
  if (project === undefined) return [invalid(`Application referencing project ${spec.project} which does not exist`)];
  const sources = sourcesOf(spec);
  if (sources.length === 0) return [invalid('spec.source.repoURL and either spec.source.path or spec.source.chart are required')];
  const problems: Problem[] = [];
  for (const source of sources) {
    if (!source.repoURL || (source.path === undefined && source.chart === undefined)) {
      problems.push(invalid('spec.source.repoURL and either spec.source.path or spec.source.chart are required'));
    } else if (!permitsSource(project, source)) {
      problems.push(invalid(`application repo ${source.repoURL} is not permitted in project '${spec.project}'`));
    }
  }
  const destination = findDestination(world, spec.destination);
  if ('problem' in destination) return [...problems, invalid(`unable to find destination server: ${destination.problem}`)];
  if (!permitsDestination(project, destination)) {
    const { server, namespace } = destination;
    const where = `application destination server '${server}' and namespace '${namespace}'`;
    problems.push(invalid(`${where} do not match any of the allowed destinations in project '${spec.project}'`));
  }
  return problems;
}

/** What `validate=true` adds at creation: the repositories must be known. */
export function repositoryProblems(world: World, app: Pick<Application, 'spec'>): Problem[] {
  const unknown = sourcesOf(app.spec).filter((source) => findRepository(world, source.repoURL) === null);
  return unknown.map((source) =>
    invalid(
      `repository not accessible: repository "${source.repoURL}" not found: rpc error: code = Unknown desc = authentication required`,
    ),
  );
}

function invalid(message: string): Problem {
  return { type: 'InvalidSpecError', message };
}
