import type { Spec } from './application.ts';
import { clone, isObject, type JsonObject } from './json.ts';
import { keyOf } from './kinds.ts';

interface Rule {
  readonly group?: string;
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly jsonPointers?: readonly string[];
  readonly jqPathExpressions?: readonly string[];
}

/** One step of a path: a member by name, or every item. */
type Step = string | { readonly each: true };

/** The places of an object that its application is told not to compare. Of jq, paths such as `.webhooks[]?.clientConfig.caBundle` are known. */
export function ignoredPaths(spec: Spec, object: JsonObject): readonly (readonly Step[])[] {
  const rules = Array.isArray(spec.ignoreDifferences) ? (spec.ignoreDifferences as Rule[]) : [];
  const key = keyOf(object);
  const applies = ({ group = '', kind, name, namespace }: Rule): boolean =>
    (group === '*' || group === key.group) &&
    (kind === '*' || kind === key.kind) &&
    (name === undefined || name === '' || name === key.name) &&
    (namespace === undefined || namespace === '' || namespace === key.namespace);
  return rules.filter(applies).flatMap(({ jsonPointers = [], jqPathExpressions = [] }) => [
    ...jsonPointers.map((pointer) =>
      pointer
        .split('/')
        .slice(1)
        .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')),
    ),
    ...jqPathExpressions.map(jqPath),
  ]);
}

function jqPath(expression: string): Step[] {
  if (!/^(\.[\w-]+(\[\]\??)?)+$/.test(expression)) throw new Error(`the sandbox does not know the jq expression ${expression}`);
  return expression
    .split('.')
    .slice(1)
    .flatMap((part): Step[] => {
      const name = part.replace(/\[\]\??$/, '');
      return part === name ? [name] : [name, { each: true }];
    });
}

/** The object without these places. */
export function without(object: JsonObject, paths: readonly (readonly Step[])[]): JsonObject {
  if (paths.length === 0) return object;
  const copy = clone(object);
  for (const path of paths) remove(copy, path);
  return copy;
}

function remove(value: unknown, [step, ...rest]: readonly Step[]): void {
  if (step === undefined) return;
  if (typeof step !== 'string') {
    if (Array.isArray(value)) for (const item of value) remove(item, rest);
  } else if (isObject(value)) {
    if (rest.length === 0) delete value[step];
    else remove(value[step], rest);
  }
}

/** What is wanted, with what the live object has in these places: how a sync that respects ignored differences applies it. */
export function withLive(wanted: JsonObject, live: JsonObject | null, paths: readonly (readonly Step[])[]): JsonObject {
  if (live === null || paths.length === 0) return wanted;
  const copy = clone(wanted);
  for (const path of paths) take(copy, live, path);
  return copy;
}

function take(into: unknown, from: unknown, [step, ...rest]: readonly Step[]): void {
  if (step === undefined) return;
  if (typeof step !== 'string') {
    if (Array.isArray(into) && Array.isArray(from)) into.forEach((item, index) => void take(item, from[index], rest));
  } else if (isObject(into) && isObject(from)) {
    if (rest.length > 0) take(into[step], from[step], rest);
    else if (from[step] === undefined) delete into[step];
    else into[step] = clone(from[step]);
  }
}
