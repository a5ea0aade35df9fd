import { isJsonObject, type Json, type JsonObject, objectOf } from '../kit/json.ts';
import { parseImage } from './image-reference.ts';
import { type Pinning, pinParameters, pinReference, pinValues } from './pin-images.ts';
import { rewriteText } from './rewrite.ts';
import type { LiveSource } from './running-images.ts';

const NOTHING_LIVE: LiveSource = { parameters: {}, kustomizeImages: [] };

/** A source of an application with its images in the versions that ran, wherever it may name them. */
export function pinSource(pinning: Pinning, source: JsonObject, live: LiveSource = NOTHING_LIVE): JsonObject {
  const helm = isJsonObject(source.helm) ? pinHelm(pinning, source.helm, live) : addedHelm(pinning, live);
  const kustomize = isJsonObject(source.kustomize) ? pinKustomize(pinning, source.kustomize, live) : addedKustomize(pinning, live);
  const { plugin, directory } = source;
  return {
    ...source,
    ...(helm === null ? {} : { helm }),
    ...(kustomize === null ? {} : { kustomize }),
    ...(isJsonObject(plugin) ? { plugin: pinTexts(pinning, plugin) } : {}),
    ...(isJsonObject(directory) && isJsonObject(directory.jsonnet)
      ? { directory: { ...directory, jsonnet: pinTexts(pinning, directory.jsonnet) } }
      : {}),
  };
}

/** As values of a chart, and texts of several lines as what they hold: patches of Kustomize, values that a plugin is handed. */
function pinTexts(pinning: Pinning, value: Json): Json {
  if (typeof value === 'string' && value.includes('\n')) return rewriteText(value, (inner) => pinValues(pinning, inner)) ?? value;
  if (Array.isArray(value)) return value.map((item: Json) => pinTexts(pinning, item));
  if (!isJsonObject(value)) return pinValues(pinning, value);
  const pinned = objectOf(pinValues(pinning, value));
  return Object.fromEntries(Object.entries(pinned).map(([key, item]) => [key, pinTexts(pinning, item)]));
}

function pinHelm(pinning: Pinning, helm: JsonObject, live: LiveSource): JsonObject {
  const { values, valuesObject } = helm;
  const parameters = parametersOf(pinning, helm.parameters, live);
  return {
    ...helm,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(isJsonObject(valuesObject) ? { valuesObject: pinValues(pinning, valuesObject) } : {}),
    ...(typeof values === 'string' ? { values: rewriteText(values, (value) => pinValues(pinning, value)) ?? values } : {}),
  };
}

function addedHelm(pinning: Pinning, live: LiveSource): JsonObject | null {
  const parameters = parametersOf(pinning, undefined, live);
  return parameters.length === 0 ? null : { parameters };
}

/** The parameters of the template in the versions that ran, after those that are set on the live application alone. */
function parametersOf(pinning: Pinning, present: Json | undefined, live: LiveSource): Json[] {
  const list: readonly Json[] = Array.isArray(present) ? present : [];
  const byName = Object.fromEntries(list.flatMap(textParameter));
  const pinned = pinParameters(pinning, byName);
  const added = Object.entries(live.parameters).filter(([name]) => !(name in byName));
  for (const [name, value] of added) noteAdded(pinning, name, value, live);
  return [
    ...added.map(([name, value]) => parameter({ name }, value)),
    ...list.map((item) => {
      const [[name, value] = ['', '']] = textParameter(item);
      const shall = pinned[name];
      return shall === undefined || shall === value || !isJsonObject(item) ? item : parameter(item, shall);
    }),
  ];
}

function textParameter(item: Json): [string, string][] {
  if (!isJsonObject(item) || typeof item.name !== 'string') return [];
  return [[item.name, item.value === undefined || item.value === null ? '' : String(item.value)]];
}

/** Helm reads 1.10 as a number unless it is told not to. */
function parameter(item: JsonObject, value: string): JsonObject {
  const isNumber = /^[\d.]+(e\d+)?$/i.test(value);
  return { ...item, value, ...(isNumber ? { forceString: true } : {}) };
}

function noteAdded(pinning: Pinning, name: string, value: string, live: LiveSource): void {
  const repository = Object.values(live.parameters).find((one) =>
    pinning.running(one).some(({ tag, digest }) => value === (digest ?? tag)),
  );
  if (repository === undefined || !/tag|digest|sha/i.test(name)) return;
  pinning.named.add(repository);
  pinning.moved.push({ repository, from: null, to: value });
}

function repositoryOf(text: string): string {
  return parseImage(text)?.repository ?? '';
}

function pinKustomize(pinning: Pinning, kustomize: JsonObject, live: LiveSource): JsonObject {
  const list: readonly Json[] = Array.isArray(kustomize.images) ? kustomize.images : [];
  const images = [
    ...addedImages(pinning, list, live),
    ...list.map((image) => (typeof image === 'string' ? pinOverride(pinning, image) : image)),
  ];
  return {
    ...kustomize,
    ...(images.length === 0 ? {} : { images }),
    ...(Array.isArray(kustomize.patches) ? { patches: pinTexts(pinning, kustomize.patches) } : {}),
  };
}

function addedKustomize(pinning: Pinning, live: LiveSource): JsonObject | null {
  const images = addedImages(pinning, [], live);
  return images.length === 0 ? null : { images };
}

/** Overrides that are set on the live application alone. */
function addedImages(pinning: Pinning, present: readonly Json[], live: LiveSource): string[] {
  const there = new Set(present.map((image) => (typeof image === 'string' ? overridden(image) : '')));
  return live.kustomizeImages
    .filter((image) => !there.has(overridden(image)) && pinning.running(repositoryOf(replacement(image))).length > 0)
    .map((image) => {
      const { repository = '', tag = null, digest = null } = parseImage(replacement(image)) ?? {};
      pinning.named.add(repository);
      pinning.moved.push({ repository, from: null, to: digest ?? tag ?? '' });
      return image;
    });
}

/** `[old=]new[:tag][@digest]`: what it stands for. */
function overridden(image: string): string {
  return image.includes('=') ? (image.split('=')[0] ?? '') : repositoryOf(image);
}

function replacement(image: string): string {
  return image.slice(image.indexOf('=') + 1);
}

function pinOverride(pinning: Pinning, image: string): string {
  const old = image.slice(0, image.indexOf('=') + 1);
  return old + pinReference(pinning, replacement(image));
}
