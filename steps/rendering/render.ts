import { type Document, parseAllDocuments } from 'yaml';
import { EksDrError } from '../kit/errors.ts';
import { isJsonObject, type Json, type JsonObject, sameJson } from '../kit/json.ts';
import { compareText } from '../kit/text.ts';
import { patchDocument, type Sharing } from './patch-document.ts';
import { isApplication, projectOf, type RenderContext, recoverApplication, targetsPrimary } from './recover-application.ts';
import { recoveredName } from './recovered-name.ts';
import { refusedFiles } from './refused-files.ts';
import { type Edit, splice } from './splice.ts';
import type { TextFile } from './text-file.ts';

/** One application that was rendered. */
export interface RenderedService {
  /** The application's name on the primary. */
  readonly name: string;
  /** Its name on the recovery cluster. */
  readonly application: string;
  readonly project: string;
  readonly file: string;
  /** Whether Argo CD deploys it by itself. */
  readonly automated: boolean;
}

export interface Rendering {
  /** The files of the recovery's folder: those with at least one chosen application. */
  readonly files: readonly TextFile[];
  readonly services: readonly RenderedService[];
}

const yamlOptions = { merge: true, keepSourceTokens: true, prettyErrors: true, uniqueKeys: true } as const;

const STYLE_REMEDY =
  'Keep plain Argo CD Application manifests in the folder of the templates; move the named files elsewhere, or write them plainly.';
const PROJECTS_REMEDY =
  'Add the AppProject to argocd.projects in the estate, so that it may use the new cluster; or correct the project in the template.';

/**
 * Turns the templates of the primary cluster into those of a recovery. Pure: the same templates and context give the same files.
 * Only what must differ is edited in the text; documents that are not chosen applications of the primary are left out.
 * Throws `input-invalid` that lists every file of a kind that can't be rendered (ApplicationSets, Helm charts, kustomizations, no YAML),
 * or every application in an AppProject that the recovery doesn't know.
 */
export function render(templates: readonly TextFile[], context: RenderContext): Rendering {
  const manifests = templates.filter(({ path }) => /\.(ya?ml|json)$/i.test(path)).toSorted((a, b) => compareText(a.path, b.path));
  const parsed = manifests.map((file) => ({ file, documents: parse(file.text) }));
  const refused = refusedFiles(templates, parsed);
  if (refused.length > 0) throw refusal(refused);

  const rendered = parsed.map(({ file, documents }) => renderFile(file, documents, context));
  const strangers = rendered.flatMap(({ strangers }) => strangers);
  if (strangers.length > 0) throw refusal(strangers, PROJECTS_REMEDY);
  const files = rendered.flatMap(({ file }) => (file === null ? [] : [file]));
  const services = rendered.flatMap((one) => one.services);
  const twice = services.filter(({ name }, index) => services.findIndex((other) => other.name === name) !== index);
  if (twice.length > 0) {
    throw refusal(
      twice.map(({ name, file }) => ({ path: file, reason: `the application ${name} stands in another file or document too` })),
    );
  }
  return { files, services };
}

function parse(text: string): Document.Parsed[] {
  const documents = parseAllDocuments(text, yamlOptions);
  return Array.isArray(documents) ? [...documents] : [];
}

function renderFile(
  { path, text }: TextFile,
  documents: readonly Document.Parsed[],
  context: RenderContext,
): { file: TextFile | null; services: RenderedService[]; strangers: { path: string; reason: string }[] } {
  const strangers: { path: string; reason: string }[] = [];
  const pieces: string[] = [];
  const services: RenderedService[] = [];
  documents.forEach((document, index) => {
    const value = document.toJS() as Json;
    if (!isApplication(value) || !targetsPrimary(value, context.primary)) return;
    const name = isJsonObject(value.metadata) ? String(value.metadata.name) : '';
    if (!context.applications.has(name)) return;
    const project = projectOf(value);
    if (!Object.hasOwn(context.projects, project)) {
      strangers.push({ path, reason: `the application ${name} is in AppProject ${project}, which is not in argocd.projects` });
      return;
    }
    const after = recoverApplication(value, context);
    const start = index === 0 ? 0 : document.range[0];
    const end = documents[index + 1]?.range[0] ?? text.length;
    pieces.push(recover(path, { text, start, end }, document, after));
    services.push({ name, application: recoveredName(name, context.cluster), file: path, ...facts(after) });
  });
  return { file: pieces.length === 0 ? null : { path, text: pieces.join('') }, services, strangers };
}

function facts(application: JsonObject): Pick<RenderedService, 'project' | 'automated'> {
  const { syncPolicy } = isJsonObject(application.spec) ? application.spec : {};
  const policy = isJsonObject(syncPolicy) ? syncPolicy.automated : undefined;
  return { project: projectOf(application), automated: isJsonObject(policy) && policy.enabled !== false };
}

/** The text of one document as it shall be. Reading it must give exactly what was meant, or nothing is written. */
function recover(
  path: string,
  { text, start, end }: { text: string; start: number; end: number },
  document: Document.Parsed,
  after: Json,
): string {
  for (const sharing of ['follow', 'expand'] as const) {
    const edits = edit(path, text, document, after, sharing);
    const result = splice(
      text.slice(start, end),
      edits.map((one) => ({ ...one, start: one.start - start, end: one.end - start })),
    );
    const read = parse(result);
    if (read.length === 1 && read[0]?.errors.length === 0 && sameJson(read[0].toJS(), after)) return result;
  }
  throw refusal([{ path, reason: 'its style (anchors, merge keys, unusual quoting) cannot be changed in place' }]);
}

function edit(path: string, text: string, document: Document.Parsed, after: Json, sharing: Sharing): Edit[] {
  try {
    return patchDocument(text, document, after, sharing);
  } catch (thrown) {
    if (!(thrown instanceof EksDrError)) throw thrown;
    throw refusal([{ path, reason: thrown.message }]);
  }
}

function refusal(files: readonly { path: string; reason: string }[], remedy = STYLE_REMEDY): EksDrError {
  return new EksDrError('input-invalid', {
    message: `${files.length === 1 ? 'One template' : `${files.length} templates`} cannot be rendered: ${files.map(({ path, reason }) => `${path} (${reason})`).join('; ')}.`,
    remedy,
    target: files[0]?.path,
  });
}
