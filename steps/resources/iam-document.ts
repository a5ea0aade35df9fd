import { isJsonObject, type Json, type JsonObject } from '../kit/json.ts';

/**
 * The canonical form of a policy document, by which two that mean the same are equal: statements as a list in their order, every set
 * (actions, resources, principals, values of conditions) sorted, and a set of one as that one. IAM answers documents with some of
 * this changed: lists of one taken apart, an account's number in the place of its root.
 */
export function canonicalDocument(document: Json): JsonObject {
  const { Statement, ...rest } = isJsonObject(document) ? document : {};
  return { ...rest, Statement: statementsOf(Statement).map(canonicalStatement) };
}

/** The statements of a document, whether it has a list of them or one. */
export function statementsOf(statement: Json | undefined): readonly Json[] {
  if (statement === undefined) return [];
  return isList(statement) ? statement : [statement];
}

export function canonicalStatement(statement: Json): JsonObject {
  if (!isJsonObject(statement)) return {};
  return Object.fromEntries(Object.entries(statement).map(([member, value]) => [member, canonicalMember(member, value)]));
}

function canonicalMember(member: string, value: Json): Json {
  switch (member) {
    case 'Action':
    case 'NotAction':
    case 'Resource':
    case 'NotResource':
      return canonicalSet(value);
    case 'Principal':
    case 'NotPrincipal':
      return isJsonObject(value) ? mapValues(value, (names) => canonicalSet(mapSet(names, principal))) : value;
    case 'Condition':
      return isJsonObject(value)
        ? mapValues(value, (keys) => (isJsonObject(keys) ? mapValues(keys, (values) => canonicalSet(mapSet(values, String))) : keys))
        : value;
    default:
      return value;
  }
}

// "arn:aws:iam::111122223333:root" and "111122223333" are one principal: IAM answers the former for the latter.
function principal(name: Json): Json {
  return typeof name === 'string' ? name.replace(/^arn:[a-z-]+:iam::(\d{12}):root$/, '$1') : name;
}

function canonicalSet(value: Json): Json {
  if (!isList(value)) return value;
  const sorted = [...new Set(value.map(String))].toSorted();
  return sorted.length === 1 ? (sorted[0] ?? '') : sorted;
}

function mapSet(value: Json, change: (member: Json) => Json): Json {
  return isList(value) ? value.map(change) : change(value);
}

function mapValues(object: JsonObject, change: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** A document as IAM answers it: percent-encoded JSON. Throws SyntaxError when it is none. */
export function decodeDocument(encoded: string | undefined): JsonObject {
  const parsed = JSON.parse(decodeURIComponent(encoded ?? '{}')) as Json;
  return isJsonObject(parsed) ? parsed : {};
}

/** How IAM measures a document against its quotas: in characters, white space left out. */
export function documentSize(document: Json): number {
  return JSON.stringify(document).replace(/\s/g, '').length;
}

/** A policy without its statements of these Sids. */
export function withoutStatements(document: JsonObject, sids: readonly Json[]): JsonObject {
  return {
    ...document,
    Statement: statementsOf(document.Statement).filter((each) => !isJsonObject(each) || !sids.includes(each.Sid ?? null)),
  };
}

/** A policy with these statements at its end. */
export function withStatements(document: JsonObject, added: readonly { readonly sid: string; readonly statement: Json }[]): JsonObject {
  const own = added.map(({ sid, statement }) => ({ Sid: sid, ...(statement as JsonObject) }));
  return { ...document, Statement: [...statementsOf(document.Statement), ...own] };
}
