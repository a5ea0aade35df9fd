import { isJsonObject, type Json, type JsonObject } from '../kit/json.ts';
import { type ImageReference, imageText, parseImage } from './image-reference.ts';
import type { RunningImages } from './running-images.ts';

/** An image whose version in the template is not the one that ran. */
export interface MovedImage {
  readonly repository: string;
  /** Tag or digest in the template; null for none. */
  readonly from: string | null;
  readonly to: string;
}

/** Pins the images of one application, and keeps what it found. */
export interface Pinning {
  readonly running: RunningImages;
  readonly moved: MovedImage[];
  /** Repositories that the template names, whether moved or not. */
  readonly named: Set<string>;
  /** Repositories of which several versions ran, and none of them is the template's: left as they are. */
  readonly ambiguous: Set<string>;
}

export function startPinning(running: RunningImages): Pinning {
  return { running, moved: [], named: new Set(), ambiguous: new Set() };
}

type Version = Pick<ImageReference, 'tag' | 'digest'>;

/**
 * Values of a chart with every image in the version that ran: whole references (`image: repo:1.2`), and repositories with tag or digest
 * beside them (`image: {repository, tag}`, `imageRepository` and `imageTag`, the registry apart). What did not run under the application stays.
 */
export function pinValues(pinning: Pinning, value: Json): Json {
  if (typeof value === 'string') return pinReference(pinning, value);
  if (Array.isArray(value)) return value.map((item: Json) => pinValues(pinning, item));
  if (!isJsonObject(value)) return value;
  const beside = pinBeside(pinning, value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, beside[key] ?? pinValues(pinning, item)]));
}

/** The same for values by their paths, as Helm parameters are. */
export function pinParameters(pinning: Pinning, parameters: Readonly<Record<string, string>>): Record<string, string> {
  const beside = pinBeside(pinning, parameters);
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, beside[name] ?? pinReference(pinning, value)]));
}

/** A reference with a version of its own. One without is a repository, or no image at all. */
export function pinReference(pinning: Pinning, text: string): string {
  const image = parseImage(text);
  if (image === null || (image.tag === null && image.digest === null)) return text;
  const version = versionOf(pinning, image);
  return version === null ? text : imageText({ repository: image.repository, ...version });
}

/** How tags and digests are called beside a repository: by what its key ends with, lower and upper case alike. */
const besides = [
  { tail: 'repository', tags: ['tag'], digests: ['digest', 'sha'] },
  { tail: 'image', tags: ['imageTag', 'tag'], digests: ['imageDigest', 'digest'] },
  { tail: 'name', tags: ['tag', 'newTag'], digests: ['digest'] },
].flatMap(({ tail, tags, digests }) => [
  { tail, tags, digests, registry: 'registry' },
  { tail: upper(tail), tags: tags.map(upper), digests: digests.map(upper), registry: 'Registry' },
]);

/** The tags and digests that stand beside a repository and have to change. */
function pinBeside(pinning: Pinning, map: JsonObject): Record<string, string> {
  const changed: Record<string, string> = {};
  for (const [key, value] of Object.entries(map)) {
    const form = besides.find(({ tail }) => key.endsWith(tail));
    if (form === undefined || typeof value !== 'string') continue;
    const prefix = key.slice(0, -form.tail.length);
    const present = (names: readonly string[]): string | undefined => names.map((name) => prefix + name).find((name) => name in map);
    const [tag, digest] = [present(form.tags), present(form.digests)];
    const registry = map[prefix + form.registry];
    const repository = typeof registry === 'string' && registry !== '' ? `${registry.replace(/\/+$/, '')}/${value}` : value;
    if ((tag === undefined && digest === undefined) || parseImage(repository)?.repository !== repository) continue;
    const written = { tag: textAt(map, tag), digest: textAt(map, digest) };
    const version = versionOf(pinning, { repository, tag: written.tag, digest: withAlgorithm(written.digest) });
    if (version === null) continue;
    if (tag !== undefined && version.tag !== null && version.tag !== written.tag) changed[tag] = version.tag;
    // One that ran by its tag alone: the digest of another version must not win over it.
    if (digest !== undefined && (version.digest !== null || written.digest !== null))
      changed[digest] = inTheFormOf(written.digest, version.digest);
  }
  return changed;
}

/** The version to write for an image, null where its own is right or nobody knows better. */
function versionOf({ running, moved, named, ambiguous }: Pinning, image: ImageReference): Version | null {
  const ran = running(image.repository);
  if (ran.length > 0) named.add(image.repository);
  const [only, ...others] = ran;
  if (only === undefined || ran.some((one) => isSame(one, image))) return null;
  if (others.length > 0) {
    ambiguous.add(image.repository);
    return null;
  }
  const to = only.digest ?? only.tag;
  if (to !== null && !moved.some(({ repository }) => repository === image.repository))
    moved.push({ repository: image.repository, from: image.digest ?? image.tag, to });
  return { tag: only.tag, digest: only.digest };
}

/** A digest says it all; else the tag does. */
function isSame(ran: Version, written: Version): boolean {
  if (ran.digest !== null || written.digest !== null) return ran.digest === written.digest;
  return ran.tag === written.tag;
}

function textAt(map: JsonObject, key: string | undefined): string | null {
  const value = key === undefined ? null : (map[key] ?? null);
  return value === null || value === '' ? null : String(value);
}

// Some charts take the digest with its algorithm, some without.
function withAlgorithm(digest: string | null): string | null {
  return digest === null || digest.includes(':') ? digest : `sha256:${digest}`;
}

function inTheFormOf(written: string | null, digest: string | null): string {
  if (digest === null) return '';
  return written === null || written.includes(':') ? digest : digest.replace(/^sha256:/, '');
}

function upper(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
