import type { Document } from 'yaml';
import { asEksDrError, EksDrError } from '../kit/errors.ts';
import { isJsonObject, type Json, type JsonObject, objectOf } from '../kit/json.ts';
import { compareText } from '../kit/text.ts';
import { isApplication, nameOf, projectOf, sourcesOf, targetsPrimary } from './application.ts';
import { plainFiles } from './generators.ts';
import type { MovedImage } from './pin-images.ts';
import { type RenderContext, recoverApplication } from './recover-application.ts';
import { recoveredName } from './recovered-name.ts';
import { type Refused, refuseDocuments, refusedByName } from './refused-files.ts';
import { parseYaml, readValue, rewrite } from './rewrite.ts';
import { overrideFile } from './source-override.ts';
import type { TextFile } from './text-file.ts';
import { createTranslator, type Translator } from './translate-text.ts';
import { type GitFile, valueFilesOf } from './value-files.ts';

/** One application that was rendered. */
export interface RenderedService {
  /** The application's name on the primary. */
  readonly name: string;
  /** Its name on the recovery cluster. */
  readonly application: string;
  readonly project: string;
  /** In the recovery's folder. */
  readonly file: string;
  /** The file of the primary's that defines it. */
  readonly template: string;
  /** Whether Argo CD deploys it by itself. */
  readonly automated: boolean;
  /** Images that the template has in another version than ran. */
  readonly moved: readonly MovedImage[];
  /** Repositories of which several versions ran, so that the template's was left. */
  readonly ambiguous: readonly string[];
  /** Images that ran, but come from the chart or from files in Git: no version of them is pinned. */
  readonly elsewhere: readonly string[];
  /** The files of Helm values that it takes from Git. */
  readonly valueFiles: readonly GitFile[];
  /** For each source: the file in Git that may say more of its images than the template does; null where there can't be one. */
  readonly overrideFiles: readonly (GitFile | null)[];
  /** Whether such files are taken in. */
  readonly overridden: boolean;
}

export interface Rendering {
  /** The files of the recovery's folder: those with at least one chosen application. */
  readonly files: readonly TextFile[];
  readonly services: readonly RenderedService[];
}

const STYLE_REMEDY =
  'Keep plain Argo CD Application manifests in the folder of the templates; move the named files elsewhere, or write them plainly.';
const GENERATED_REMEDY =
  'Set argocd.generatedApplications: live in the estate: then the applications that these files generate are recovered one by one as Argo CD has them, and what generates them is left out of the recovery. Or write those applications as plain manifests.';
const PROJECTS_REMEDY =
  'Add the AppProject to argocd.projects in the estate, so that it may use the new cluster; or correct the project in the template.';

/** What became of one file, whose documents are not kept: there may be thousands. */
interface RenderedFile {
  /** One for each folder that its applications go to. */
  readonly files: readonly TextFile[];
  readonly services: readonly RenderedService[];
  readonly refused: readonly Refused[];
  /** In AppProjects that the recovery doesn't know. */
  readonly strangers: readonly Refused[];
}

/**
 * Turns the templates of the primary cluster into those of a recovery. Pure: the same templates and context give the same files.
 * Only what must differ is edited in the text; documents that are not chosen applications of the primary are left out, and so are, where
 * generated applications are recovered as they are live, those that generate some.
 * Throws `input-invalid` that lists every file of a kind that can't be rendered (ApplicationSets, Helm charts, kustomizations, no YAML),
 * or every application in an AppProject that the recovery doesn't know.
 */
export function render(templates: readonly TextFile[], context: RenderContext): Rendering {
  const plain = context.generated === 'live' ? plainFiles(templates) : templates;
  const byName = refusedByName(plain);
  const translator = createTranslator(context.translations);
  const named = new Set(byName.map(({ path }) => path));
  const rendered = plain
    .filter(({ path }) => /\.(ya?ml|json)$/i.test(path) && !named.has(path))
    .toSorted((a, b) => compareText(a.path, b.path))
    .map((file) => renderFile(file, context, translator));
  const refused = [...byName, ...rendered.flatMap((one) => one.refused)];
  if (refused.length > 0) throw refusal(refused, styleRemedy(refused));
  const strangers = rendered.flatMap((one) => one.strangers);
  if (strangers.length > 0) throw refusal(strangers, PROJECTS_REMEDY);
  const services = rendered.flatMap((one) => one.services);
  refuseTwice(services);
  return { files: rendered.flatMap(({ files }) => files), services };
}

function refuseTwice(services: readonly RenderedService[]): void {
  const seen = new Set<string>();
  const twice = services.filter(({ name }) => seen.size === seen.add(name).size);
  if (twice.length === 0) return;
  throw refusal(twice.map(({ name, file }) => ({ path: file, reason: `the application ${name} stands in another file or document too` })));
}

function renderFile({ path, text }: TextFile, context: RenderContext, translator: Translator): RenderedFile {
  const documents = parseYaml(text);
  const values = documents.map((document) => (document.errors.length === 0 ? readValue(document) : null));
  const found = refuseDocuments({ path, text }, documents, values);
  // What they generate is among the templates by itself.
  const refused = context.generated === 'live' ? found.filter(({ generates }) => generates !== true) : found;
  if (refused.length > 0) return { files: [], services: [], strangers: [], refused };
  const strangers: Refused[] = [];
  const pieces = new Map<string, string[]>();
  const services: RenderedService[] = [];
  for (const [index, document] of documents.entries()) {
    const value = values[index] ?? null;
    if (!isApplication(value) || !targetsPrimary(value, context.primary)) continue;
    const name = nameOf(value);
    if (!context.applications.has(name)) continue;
    const project = projectOf(value);
    if (!Object.hasOwn(context.projects, project)) {
      strangers.push({ path, reason: `the application ${name} is in AppProject ${project}, which is not in argocd.projects` });
      continue;
    }
    const unfit = unfitReason(value, context);
    if (unfit !== null) return { files: [], services: [], strangers, refused: [{ path, reason: `the application ${name} ${unfit}` }] };
    const start = index === 0 ? 0 : document.range[0];
    const end = documents[index + 1]?.range[0] ?? text.length;
    try {
      const service = renderDocument({ text, start, end, document, before: value }, context, translator);
      const file = `${context.folders?.get(name) ?? ''}${path}`;
      pieces.set(file, [...(pieces.get(file) ?? []), service.text]);
      services.push({ name, application: recoveredName(name, context.cluster), file, template: path, ...service.facts });
    } catch (thrown) {
      const error = asEksDrError(thrown);
      if (error.code !== 'input-invalid') throw thrown;
      return { files: [], services: [], strangers, refused: [{ path, reason: error.message }] };
    }
  }
  const files = [...pieces].map(([file, texts]) => ({ path: file, text: texts.join('') }));
  return { files, services, strangers, refused: [] };
}

/** Why an application can't be recovered as a copy of itself; null where it can. */
function unfitReason({ metadata, spec }: JsonObject, { namespace }: RenderContext): string | null {
  if (isJsonObject(spec) && spec.sourceHydrator !== undefined)
    return 'uses the source hydrator: its copy would write to the same branch of Git';
  const own = isJsonObject(metadata) ? metadata.namespace : undefined;
  return typeof own === 'string' && own !== namespace
    ? `stands in the namespace ${own}: those outside of Argo CD's own (${namespace}) can't be recovered yet`
    : null;
}

/** Only Helm and Kustomize name images in their sources. */
function overrideFilesOf(application: JsonObject, { sourceTypes }: RenderContext): (GitFile | null)[] {
  const name = nameOf(application);
  return sourcesOf(objectOf(application.spec)).map((source, index) => {
    const type = sourceTypes[name]?.[index] ?? '';
    return ['Helm', 'Kustomize'].includes(type) ? overrideFile(source, name) : null;
  });
}

type Facts = Omit<RenderedService, 'name' | 'application' | 'file' | 'template'>;

function renderDocument(
  part: { text: string; start: number; end: number; document: Document.Parsed; before: JsonObject },
  context: RenderContext,
  translator: Translator,
): { text: string; facts: Facts } {
  const { value, images } = recoverApplication(part.before, context, translator);
  const { syncPolicy } = isJsonObject(value.spec) ? value.spec : {};
  const policy: Json | undefined = isJsonObject(syncPolicy) ? syncPolicy.automated : undefined;
  return {
    text: rewrite(part, value),
    facts: {
      project: projectOf(value),
      automated: isJsonObject(policy) && policy.enabled !== false,
      moved: images.moved,
      ambiguous: [...images.ambiguous],
      elsewhere: images.elsewhere,
      valueFiles: valueFilesOf(value),
      overrideFiles: images.elsewhere.length === 0 ? [] : overrideFilesOf(part.before, context),
      overridden: nameOf(part.before) in context.overrides,
    },
  };
}

function styleRemedy(refused: readonly Refused[]): string {
  const generate = refused.filter(({ generates }) => generates === true).length;
  if (generate === 0) return STYLE_REMEDY;
  return generate === refused.length ? GENERATED_REMEDY : `${GENERATED_REMEDY} The other files: ${STYLE_REMEDY}`;
}

function refusal(files: readonly Refused[], remedy = STYLE_REMEDY): EksDrError {
  return new EksDrError('input-invalid', {
    message: `${files.length === 1 ? 'One template' : `${files.length} templates`} cannot be rendered: ${files.map(({ path, reason }) => `${path} (${reason})`).join('; ')}.`,
    remedy,
    target: files[0]?.path,
  });
}
