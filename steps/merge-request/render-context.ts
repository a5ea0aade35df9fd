import type { Estate } from '../estate/estate.ts';
import type { Run } from '../kit/run.ts';
import { registryHost } from '../literals/primary-literals.ts';
import { recoveryClusterName, recoveryProject } from '../naming.ts';
import type { RenderContext } from '../rendering/recover-application.ts';
import type { Running } from '../rendering/running-images.ts';
import type { Translations } from '../rendering/translate-text.ts';

/** What of an inventory the rendering goes by. */
interface RunningServices {
  readonly services: readonly ({ readonly name: string } & Running)[];
}

type Place = Estate['targets'][string];

/** What stands on the new cluster for the words of the primary: the estate's translations, and its registry where that is another one. */
export function translationsOf(estate: Pick<Estate, 'name' | 'primary'>, run: Pick<Run, 'id'>, target: Place): Translations {
  const values: Readonly<Record<string, string>> = { cluster: recoveryClusterName(estate, run), region: target.region, run: run.id };
  const filled = Object.entries(target.translations).map(([from, to]): [string, string] => [
    from,
    to.replaceAll(/\$\{(cluster|region|run)\}/g, (_, name: string) => values[name] ?? ''),
  ]);
  return { [registryHost(estate.primary)]: registryHost(target), ...Object.fromEntries(filled) };
}

/** What the templates are rendered with, but for what Argo CD found their sources to be. */
export function renderContext(
  estate: Pick<Estate, 'name' | 'primary' | 'argocd' | 'drill'>,
  run: Run,
  {
    inventory,
    target,
    applications,
  }: { readonly inventory: RunningServices; readonly target: Place; readonly applications: ReadonlySet<string> },
): Omit<RenderContext, 'sourceTypes'> {
  return {
    primary: estate.primary.argocdDestination,
    cluster: recoveryClusterName(estate, run),
    run: run.id,
    namespace: estate.argocd.namespace,
    projects: Object.fromEntries(estate.argocd.projects.map((name) => [name, recoveryProject(name, run)])),
    applications,
    helmParameters: run.mode === 'drill' ? estate.drill.helmParameters : {},
    running: Object.fromEntries(inventory.services.map(({ name, images, liveSources }) => [name, { images, liveSources }])),
    generated: estate.argocd.generatedApplications,
    overrides: {},
    translations: translationsOf(estate, run, target),
  };
}
