import type { Estate } from '../estate/estate.ts';
import { isJsonObject, type Json, type JsonObject, objectOf } from '../kit/json.ts';
import { RUN_LABEL } from '../naming.ts';
import { type ClusterNames, nameOf, projectOf, sourcesOf } from './application.ts';
import { fullRepository, parseImage } from './image-reference.ts';
import { type Pinning, startPinning } from './pin-images.ts';
import { pinSource } from './pin-source.ts';
import { recoveredName } from './recovered-name.ts';
import { type Running, runningImages } from './running-images.ts';
import { withOverride } from './source-override.ts';
import { translate } from './translate.ts';
import type { Translations, Translator } from './translate-text.ts';

/** What the rendering of a recovery depends on, beside the templates. */
export interface RenderContext {
  /** How the templates name the primary cluster. */
  readonly primary: ClusterNames;
  /** The new cluster's name in Argo CD. */
  readonly cluster: string;
  readonly run: string;
  /** Argo CD's own namespace. */
  readonly namespace: string;
  /** The AppProject of this recovery for each one on the primary. An application of any other cannot go to the new cluster. */
  readonly projects: Readonly<Record<string, string>>;
  /** The Argo CD applications to recover, by their name on the primary. */
  readonly applications: ReadonlySet<string>;
  /** What Argo CD found each source of an application to be (Helm, Directory ...), where it is known. */
  readonly sourceTypes: Readonly<Record<string, readonly string[]>>;
  /** Set on every Helm source, in drills. */
  readonly helmParameters: Readonly<Record<string, string>>;
  /** What ran under an application on the primary, where it is known: its images are pinned to that. */
  readonly running: Readonly<Record<string, Running>>;
  /** What Git overrides in the sources of an application, by its name: one for each source, null for none. */
  readonly overrides: Readonly<Record<string, readonly (JsonObject | null)[]>>;
  /** Whether what generates applications is refused, or left out because they come as they are live. */
  readonly generated: Estate['argocd']['generatedApplications'];
  /** The folder within the recovery's for an application, by its name: `wave-1/`. In none by default. */
  readonly folders?: ReadonlyMap<string, string>;
  /** What the templates say for the primary, and what stands for it on the new cluster. */
  readonly translations: Translations;
}

/** An application as it shall be, and what of its images is worth telling. */
export interface Recovered {
  readonly value: JsonObject;
  readonly images: Pick<Pinning, 'moved' | 'ambiguous'> & {
    /** Images that ran, but that the application itself does not name. */
    readonly elsewhere: readonly string[];
  };
}

/**
 * The application as it shall be on the recovery cluster: another destination, name and project, its images as they ran, the words of the
 * primary translated; what it deploys keeps its name.
 */
export function recoverApplication(application: JsonObject, context: RenderContext, translator: Translator): Recovered {
  const spec = objectOf(application.spec);
  const name = nameOf(application);
  const project = projectOf(application);
  const recoveredProject = context.projects[project] ?? project;
  const { name: _name, server: _server, ...destination } = objectOf(spec.destination);
  const live = context.running[name] ?? { images: [], liveSources: [] };
  const pinning = startPinning(runningImages(live));
  const overrides = context.overrides[name] ?? [];
  const pinned = {
    ...application,
    spec: eachSource(spec, (source, index) => pinSource(pinning, withOverride(source, overrides[index] ?? {}), live.liveSources[index])),
  };
  const translated = objectOf(translate(pinned, translator));
  const originals = sourcesOf(spec);
  // What the recovery itself decides is no text of the primary.
  const value = {
    ...translated,
    metadata: {
      ...objectOf(translated.metadata),
      name: recoveredName(name, context.cluster),
      labels: { ...objectOf(objectOf(translated.metadata).labels), [RUN_LABEL]: context.run },
    },
    spec: {
      ...eachSource(objectOf(translated.spec), (source, index) =>
        recoverSource(source, releaseName(originals[index], name), context, context.sourceTypes[name]?.[index]),
      ),
      ...(recoveredProject === project && spec.project === undefined ? {} : { project: recoveredProject }),
      destination: { ...destination, name: context.cluster },
    },
  };
  const named = new Set([...pinning.named].map(fullRepository));
  const elsewhere = live.images.filter((image) => !named.has(fullRepository(parseImage(image)?.repository ?? image)));
  return { value, images: { moved: pinning.moved, ambiguous: pinning.ambiguous, elsewhere } };
}

function eachSource(spec: JsonObject, change: (source: JsonObject, index: number) => Json): JsonObject {
  return {
    ...spec,
    ...(isJsonObject(spec.source) ? { source: change(spec.source, 0) } : {}),
    ...(Array.isArray(spec.sources) ? { sources: spec.sources.map((source: Json, index) => change(objectOf(source), index)) } : {}),
  };
}

/** A Helm release is named after its application unless told otherwise: it must keep its name, or every object would get another. */
function releaseName(source: JsonObject | undefined, application: string): string {
  const named = objectOf(source?.helm).releaseName;
  return typeof named === 'string' && named !== '' ? named : application;
}

function recoverSource(source: JsonObject, release: string, context: RenderContext, type: string | undefined): JsonObject {
  if (!isHelm(source, type)) return source;
  const helm = objectOf(source.helm);
  const parameters = Object.entries(context.helmParameters);
  return {
    ...source,
    helm: {
      ...helm,
      releaseName: release,
      ...(parameters.length === 0 ? {} : { parameters: withParameters(helm.parameters, parameters) }),
    },
  };
}

function isHelm(source: JsonObject, type: string | undefined): boolean {
  if (source.chart === undefined && source.path === undefined) return false;
  if (source.chart !== undefined || isJsonObject(source.helm)) return true;
  return type === 'Helm';
}

function withParameters(present: Json | undefined, wanted: readonly (readonly [string, string])[]): Json {
  const list: readonly Json[] = Array.isArray(present) ? present : [];
  const named = new Map(wanted);
  const changed = list.map((item) => {
    const value = isJsonObject(item) && typeof item.name === 'string' ? named.get(item.name) : undefined;
    return value === undefined ? item : { ...objectOf(item), value };
  });
  const there = new Set(list.map((item) => objectOf(item).name));
  const added = wanted.filter(([name]) => !there.has(name)).map(([name, value]) => ({ name, value }));
  return [...added, ...changed];
}
