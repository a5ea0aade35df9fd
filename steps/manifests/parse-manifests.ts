import { EksDrError } from '../kit/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../kit/json.ts';
import { type Manifest, type ManifestPlace, placeText } from './manifest.ts';
import { type PlaceholderValues, replacePlaceholders } from './placeholders.ts';

/** What a text holds: its manifests, and each mistake with the document and line where it is. */
export interface ParsedManifests {
  readonly manifests: readonly Manifest[];
  readonly mistakes: readonly EksDrError[];
}

/** The documents of one YAML file. Empty ones are passed over, as kubectl does. */
export async function parseManifests(file: string, text: string, values: PlaceholderValues): Promise<ParsedManifests> {
  const { LineCounter, parseAllDocuments } = await import('../yaml.ts');
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  if (!Array.isArray(documents)) return { manifests: [], mistakes: [] };
  const parsed = documents.flatMap((document, index): (Manifest | EksDrError)[] => {
    const line = (offset: number): number => lines.linePos(offset).line;
    const place: ManifestPlace = { file, document: index + 1, line: line(document.contents?.range?.[0] ?? document.range[0]) };
    if (document.errors.length > 0) return document.errors.map((error) => mistake({ ...place, line: line(error.pos[0]) }, error.message));
    const content = withoutNulls(document.toJS() as Json);
    return content === null ? [] : read(place, replacePlaceholders(content, values));
  });
  return {
    manifests: parsed.filter((item): item is Manifest => !(item instanceof EksDrError)),
    mistakes: parsed.filter((item) => item instanceof EksDrError),
  };
}

export function mistake(place: ManifestPlace, message: string, remedy?: string): EksDrError {
  return new EksDrError('input-invalid', { message: `${placeText(place)}: ${message}.`, target: `${place.file}:${place.line}`, remedy });
}

function read(place: ManifestPlace, content: Json): (Manifest | EksDrError)[] {
  if (!isJsonObject(content)) return [mistake(place, 'a manifest must be a mapping')];
  const { apiVersion, kind, metadata, ...rest } = content;
  const about = isJsonObject(metadata ?? null) ? (metadata as JsonObject) : {};
  const { name, namespace = '', ...furtherMetadata } = about;
  const wrong = [
    isText(apiVersion) ? null : 'apiVersion is missing',
    isText(kind) ? null : 'kind is missing',
    isText(name) ? null : `metadata.name is missing${'generateName' in about ? ': a rerun would not find a generated one again' : ''}`,
    typeof namespace === 'string' ? null : 'metadata.namespace must be a text',
    ...refusals(kind, rest),
  ].filter((message) => message !== null);
  if (wrong.length > 0 || !isText(apiVersion) || !isText(kind) || !isText(name) || typeof namespace !== 'string')
    return wrong.map((message) => mistake(place, message));
  const body = Object.keys(furtherMetadata).length === 0 ? rest : { ...rest, metadata: furtherMetadata };
  return [{ place, apiVersion, kind, name, namespace, body }];
}

/** What we can't drive field by field. */
function refusals(kind: Json | undefined, rest: JsonObject): (string | null)[] {
  if (kind === 'List') return ['a List has no name of its own: write its items as documents'];
  return [
    kind === 'Secret' && ('data' in rest || 'stringData' in rest)
      ? 'a secret with its data must not stand in a file: let External Secrets or the Vault injector bring it'
      : null,
    'status' in rest ? 'status is written by controllers: take it out' : null,
  ];
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

/** A null in a manifest says nothing: exports write `creationTimestamp: null`. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([key, member]) => [key, withoutNulls(member)]),
  );
}
