import type { ArgoCd } from '../clients/argocd.ts';
import type { GitLab } from '../clients/gitlab.ts';
import { waveNumber, wavePrefix } from '../deploy/waves.ts';
import type { Estate } from '../estate/estate.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { groupBy } from '../kit/keys.ts';
import type { Run } from '../kit/run.ts';
import { primaryLiterals, registryHost } from '../literals/primary-literals.ts';
import { type LiteralFinding, scanLiterals } from '../literals/scan-literals.ts';
import { recoveryFolder } from '../naming.ts';
import type { Rendering } from '../rendering/render.ts';
import type { TextFile } from '../rendering/text-file.ts';
import { type Translations, translatedWords } from '../rendering/translate-text.ts';
import { targetOf } from '../target.ts';
import { type ImageInValues, imagesInValues } from './images-in-values.ts';
import { type GitTexts, readGitFiles } from './read-git-files.ts';
import { readOverrides } from './read-overrides.ts';
import { renderContext } from './render-context.ts';
import { templatesInGit } from './templates-in-git.ts';

type TemplatesEstate = Pick<Estate, 'name' | 'primary' | 'argocd' | 'gitlab' | 'drill' | 'targets' | 'services'>;

/** The templates of a recovery, and what a reviewer should know of them. */
export interface RecoveredTemplates {
  readonly rendering: Rendering;
  /** How many places each translated word had: word, what stands for it. Words without a place are left out. */
  readonly translated: readonly { readonly from: string; readonly to: string; readonly places: number }[];
  /** What still names the primary, in the recovery's files and in Helm values from Git. */
  readonly literals: readonly LiteralFinding[];
  /** Images that name the primary's registry by a chart or by manifests in Git, which nothing here can change: by image, the services. */
  readonly images: readonly { readonly image: string; readonly services: readonly string[] }[];
  /** Images that values in Git have in another version than ran, which nothing here changes either. */
  readonly inValues: readonly ImageInValues[];
  /** Files of values that could not be looked at. */
  readonly unread: GitTexts['unread'];
}

interface Wanted {
  readonly estate: TemplatesEstate;
  readonly run: Run;
  readonly inventory: Inventory;
  readonly services: readonly { readonly name: string; readonly tier: string }[];
}

/** Renders the templates for a run, and looks for what still names the primary. */
export async function recoverTemplates(
  { argocd, gitlab }: { readonly argocd: ArgoCd; readonly gitlab: GitLab },
  { estate, run, inventory, services }: Wanted,
): Promise<RecoveredTemplates> {
  const target = targetOf(estate, run);
  const applications = new Set(services.map(({ name }) => name));
  const [templates, types, { render }, { generatedTemplates }] = await Promise.all([
    templatesInGit(gitlab, inventory.templates),
    sourceTypes(argocd),
    import('../rendering/render.ts'),
    import('../rendering/generated.ts'),
  ]);
  const folders = new Map(services.map((service) => [service.name, wavePrefix(waveNumber(service, estate.services))]));
  const context = { ...renderContext(estate, run, { inventory, target, applications }), sourceTypes: types, folders };
  const all = [...templates, ...generatedTemplates(inventory.services)];
  const plain = render(all, context);
  const { overrides, unread } = await readOverrides(gitlab, estate, plain.services);
  const rendering = Object.keys(overrides).length === 0 ? plain : render(all, { ...context, overrides });
  const values = await readGitFiles(
    gitlab,
    estate,
    rendering.services.flatMap(({ valueFiles }) => valueFiles),
  );
  const scan = {
    literals: primaryLiterals({ estate, target, inventory }),
    allowed: [...estate.gitlab.allowedLiterals, ...keptWords(target.translations)],
    own: new Set(Object.values(context.translations).flatMap((to) => to.match(/[a-z]+-[0-9a-f]+/g) ?? [])),
  };
  const folder = recoveryFolder(estate.gitlab, context.cluster);
  return {
    rendering,
    translated: countTranslations(rendering, templates, context.translations),
    literals: [
      ...scanLiterals(rendering.files, scan).map((one) => ({ ...one, file: `${folder}/${one.file}` })),
      ...values.files.flatMap(({ project, repoURL: _repoURL, ...file }) =>
        scanLiterals([file], scan).map((one) => ({ ...one, file: `${project}: ${one.file}` })),
      ),
    ],
    images: foreignImages(rendering, registryHost(estate.primary) === registryHost(target) ? null : registryHost(estate.primary)),
    inValues: await imagesInValues(rendering.services, values.files),
    unread: [...unread, ...values.unread],
  };
}

function foreignImages({ services }: Rendering, registry: string | null): RecoveredTemplates['images'] {
  const named = services.flatMap(({ name, elsewhere }) =>
    elsewhere.filter((image) => registry !== null && image.startsWith(`${registry}/`)).map((image) => ({ image, name })),
  );
  return [...groupBy(named, ({ image }) => image)].map(([image, members]) => ({ image, services: members.map(({ name }) => name) }));
}

/** A word that is translated to itself may stay. */
function keptWords(translations: Translations) {
  return Object.entries(translations).flatMap(([from, to]) => (from === to ? [{ literal: from, reason: 'translated to itself' }] : []));
}

function countTranslations({ services }: Rendering, templates: readonly TextFile[], translations: Translations) {
  const before = new Map(templates.map(({ path, text }) => [path, text]));
  const words = groupBy(
    [...new Set(services.map(({ template }) => template))].flatMap((path) => translatedWords(before.get(path) ?? '', translations)),
    (word) => word,
  );
  return Object.entries(translations).flatMap(([from, to]) => {
    const places = words.get(from)?.length ?? 0;
    return places === 0 || from === to ? [] : [{ from, to, places }];
  });
}

/** What Argo CD found each application's sources to be: a chart in Git can't be told from plain manifests by the template alone. */
async function sourceTypes(argocd: ArgoCd): Promise<Record<string, string[]>> {
  const applications = await argocd.listApplications();
  return Object.fromEntries(
    applications.map(({ metadata: { name }, status }): [string, string[]] => {
      const one = status?.sourceType === undefined || status.sourceType === null ? [] : [status.sourceType];
      return [name, status?.sourceTypes ?? one];
    }),
  );
}
