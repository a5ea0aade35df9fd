import { addonProject } from '../addons/application.ts';
import { charts } from '../addons/charts.ts';
import type { ArgoProject } from '../clients/argocd.ts';
import type { Estate } from '../estate/estate.ts';
import type { Finding } from '../kit/step.ts';
import type { Check } from '../step.ts';
import { findings } from './from-error.ts';

const REMEDY = 'Allow it in that AppProject, or name another one in addons.project of the estate.';

/** The AppProject of the add-ons lets them in: any cluster, their repositories, and objects that lie in no namespace. */
export const addonProjectAllows: Check = {
  id: 'addon-project',
  title: 'The AppProject of the add-ons allows what they are made of',

  run: ({ estate, run, clients }) =>
    findings('Argo CD, asked for the AppProject of the add-ons.', async () => {
      const repositories = repositoriesOf(estate);
      // Of a project that is recovered, a drill makes a copy, and a recovery adds the destination.
      if (repositories.length === 0 || estate.argocd.projects.includes(estate.addons.project)) return [];
      const name = addonProject(estate, run);
      const project = (await (await clients.argocd()).listProjects()).find(({ metadata }) => metadata.name === name);
      return project === undefined ? [missing(name)] : refusals(project, repositories);
    }),
};

/** Of every add-on that the estate installs. */
function repositoriesOf({ addons }: Pick<Estate, 'addons'>): string[] {
  const ours = [
    addons.loadBalancerController && (addons.loadBalancerController.repository ?? charts['aws-load-balancer-controller'].repository),
    addons.karpenter && (addons.karpenter.repository ?? charts.karpenter.repository),
    addons.istio && (addons.istio.repository ?? charts.istiod.repository),
    addons.vaultInjector && (addons.vaultInjector.repository ?? charts['vault-agent-injector'].repository),
  ];
  return [...new Set([...ours, ...addons.others.map(({ repository }) => repository)].flatMap((address) => address ?? []))].toSorted();
}

function missing(name: string): Finding {
  return {
    severity: 'blocker',
    message: `Argo CD shows no AppProject ${name} to this token, in which the add-ons shall lie.`,
    evidence: 'addons.project',
    remedy: 'Correct addons.project in the estate, or let the token read the project.',
  };
}

function refusals({ metadata: { name }, spec }: ArgoProject, repositories: readonly string[]): Finding[] {
  const refused = (message: string, evidence: string): Finding => ({ severity: 'blocker', message, evidence, remedy: REMEDY });
  const sources = texts(spec.sourceRepos);
  const away = repositories.filter((repository) => !sources.some((pattern) => covers(pattern, repository)));
  const anywhere = spec.destinations.some(({ name: cluster = '', server = '' }) => cluster === '*' || server === '*');
  const kinds = Array.isArray(spec.clusterResourceWhitelist) ? (spec.clusterResourceWhitelist as { group?: string; kind?: string }[]) : [];
  return [
    ...(away.length === 0
      ? []
      : [refused(`The AppProject ${name} does not allow the repositories of add-ons.`, `sourceRepos lacks ${away.join(', ')}`)]),
    ...(anywhere
      ? []
      : [
          refused(
            `The AppProject ${name} does not allow a cluster that it does not know yet.`,
            'destinations has no entry for every cluster',
          ),
        ]),
    ...(kinds.some(({ group, kind }) => group === '*' && kind === '*')
      ? []
      : [
          refused(
            `The AppProject ${name} does not allow everything that add-ons make outside of namespaces.`,
            'clusterResourceWhitelist lacks * of *',
          ),
        ]),
  ];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** A pattern of sourceRepos: `*` stands for anything but in addresses that it denies. */
function covers(pattern: string, address: string): boolean {
  if (pattern.startsWith('!')) return false;
  const plain = (text: string): string => text.toLowerCase().replace(/\/+$/, '');
  const source = plain(pattern)
    .split('*')
    .map((part) => part.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`).test(plain(address));
}
