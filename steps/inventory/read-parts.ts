import type { ArgoCd } from '../clients/argocd.ts';
import type { Elb } from '../clients/aws.ts';
import type { GitLab } from '../clients/gitlab.ts';
import type { Kubernetes } from '../clients/kubernetes.ts';
import { checkedLoadBalancers } from '../endpoints/load-balancers.ts';
import type { Estate } from '../estate/estate.ts';
import { EksDrError } from '../kit/errors.ts';
import type { Json } from '../kit/json.ts';
import { compareText } from '../kit/text.ts';
import { targetsPrimary } from '../rendering/recover-application.ts';
import type { Parts } from './parts.ts';

/** The applications of the estate's projects that are deployed to the primary, and the clusters of Argo CD. */
export async function readApplications(
  argocd: Pick<ArgoCd, 'listApplications' | 'listClusters'>,
  estate: Pick<Estate, 'argocd' | 'primary' | 'services'>,
): Promise<Parts['applications']> {
  const [applications, clusters] = await Promise.all([
    argocd.listApplications({ projects: estate.argocd.projects }),
    argocd.listClusters(),
  ]);
  const ours = applications
    .filter(
      ({ spec }) =>
        estate.argocd.projects.includes(spec.project) &&
        targetsPrimary({ spec: { destination: destinationOf(spec.destination) } }, estate.primary.argocdDestination),
    )
    .map(({ metadata, spec }) => ({
      name: metadata.name,
      project: spec.project,
      namespace: spec.destination.namespace ?? '',
      tier: tierOf(metadata.labels, estate.services),
    }));
  return {
    applications: sortedBy(ours, ({ name }) => name),
    clusters: sortedBy(
      clusters.map(({ name, server }) => ({ name, server })),
      ({ name, server }) => `${name} ${server}`,
    ),
  };
}

/** A service without a known tier counts to the last one: the least critical. */
export function tierOf(labels: Readonly<Record<string, string>>, policy: Estate['services']): string {
  const known = policy.tiers.find(({ name }) => name === labels[policy.tierLabel]);
  return (known ?? policy.tiers.at(-1))?.name ?? '';
}

/** Which file of the templates defines which application, at the newest commit of the target branch. */
export async function readTemplates(
  gitlab: Pick<GitLab, 'branch' | 'tree' | 'blob'>,
  estate: Pick<Estate, 'gitlab' | 'primary'>,
): Promise<Parts['templates']> {
  const { project, targetBranch, templates } = estate.gitlab;
  const folder = templates.replace(/\/+$/, '');
  const branch = await gitlab.branch(project, targetBranch);
  if (branch === null) throw absent(`the branch ${targetBranch} of ${project}`, 'gitlab.project and gitlab.targetBranch');
  const commit = branch.commit.id;
  const tree = await gitlab.tree(project, commit, folder);
  if (tree === null) throw absent(`the folder ${folder} on ${targetBranch} of ${project}`, 'gitlab.templates');
  const files = sortedBy(
    tree.filter(({ type, path }) => type === 'blob' && /\.ya?ml$/.test(path)),
    ({ path }) => path,
  );
  const { applicationNames } = await import('./application-names.ts');
  const defined = await Promise.all(
    files.map(async ({ id, path }) =>
      applicationNames(await gitlab.blob(project, id), estate.primary.argocdDestination).map((name) => [name, path] as const),
    ),
  );
  // Of two files that define the same application the first counts, on every run.
  return { project, branch: targetBranch, folder, commit, files: Object.fromEntries(defined.flat().toReversed()) };
}

export async function readNamespaces(kubernetes: Pick<Kubernetes, 'list'>): Promise<Parts['namespaces']> {
  const namespaces = await kubernetes.list({ apiVersion: 'v1', kind: 'Namespace' });
  return sortedBy(
    namespaces.map(({ metadata }) => ({ name: metadata.name, labels: { ...metadata.labels } })),
    ({ name }) => name,
  );
}

/** The load balancers that the controller of the primary made, by their tags. */
export async function readLoadBalancers(elb: Elb, cluster: string): Promise<Parts['loadBalancers']> {
  const balancers = await checkedLoadBalancers(elb, cluster);
  return sortedBy(
    balancers.map(({ dnsName, type, scheme, zoneId, stack, problem }) => ({
      dnsName,
      type,
      scheme,
      zoneId,
      stack,
      healthy: problem === null,
    })),
    ({ stack, dnsName }) => `${stack} ${dnsName}`,
  );
}

function destinationOf({
  name,
  server,
}: {
  readonly name?: string | undefined;
  readonly server?: string | undefined;
}): Record<string, Json> {
  return { ...(name === undefined ? {} : { name }), ...(server === undefined ? {} : { server }) };
}

function absent(what: string, where: string): EksDrError {
  return new EksDrError('remote-refused', {
    message: `GitLab does not know ${what} (or this token may not see it).`,
    target: where,
    remedy: `Correct ${where} in the estate, or the access of the token.`,
  });
}

function sortedBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return items.toSorted((a, b) => compareText(key(a), key(b)));
}
