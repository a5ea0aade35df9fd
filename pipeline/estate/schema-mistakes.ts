import type * as z from 'zod';
import { estate } from '../../steps/estate/estate.ts';
import { estateJsonSchema, keysAt } from './json-schema.ts';
import type { Mistake, Path } from './mistake.ts';
import { didYouMean } from './suggest.ts';

type Issue = z.core.$ZodIssue;

/** What the schema says against a value, in words for people. Empty: nothing. */
export function schemaMistakes(value: unknown): readonly Mistake[] {
  const result = estate.safeParse(value);
  return result.success ? [] : result.error.issues.flatMap((issue) => mistakesOf(issue, value, []));
}

function mistakesOf(issue: Issue, root: unknown, above: Path): readonly Mistake[] {
  const path: Path = [...above, ...issue.path.map((segment) => (typeof segment === 'number' ? segment : String(segment)))];
  const found = valueAt(root, path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysAt(estateJsonSchema(), path);
      return issue.keys.map((key) => ({
        path: [...path, key],
        aboutKey: true,
        message: 'unknown key',
        suggestion: didYouMean(key, known) ?? (known.length === 0 ? undefined : `known here: ${known.join(', ')}`),
      }));
    }
    case 'invalid_key':
      return issue.issues.map(() => ({ path, aboutKey: true, message: 'this name must be of a-z, 0-9 and -, starting with a letter' }));
    case 'invalid_type':
      return [{ path, ...typeMistake(issue.expected, found) }];
    case 'invalid_value': {
      const values = issue.values.map(String);
      return [
        { path, message: found === undefined ? 'is missing' : `must be ${oneOf(values)}`, suggestion: didYouMean(String(found), values) },
      ];
    }
    case 'invalid_union':
      return [nearestBranch(issue.errors, root, path)];
    default:
      return [{ path, message: found === undefined ? 'is missing' : plainMessage(issue) }];
  }
}

function typeMistake(expected: string, found: unknown): Pick<Mistake, 'message' | 'suggestion'> {
  if (found === undefined) return { message: 'is missing' };
  const message = `must be ${typeNames[expected] ?? expected}, not ${nameOf(found)}`;
  return expected === 'string' && typeof found !== 'object' ? { message, suggestion: `put it in quotes: "${String(found)}"` } : { message };
}

/** Of the branches of a union: the one that got furthest; none got anywhere: all that is allowed. */
function nearestBranch(branches: readonly (readonly Issue[])[], root: unknown, path: Path): Mistake {
  const all = branches.map((branch) => branch.flatMap((issue) => mistakesOf(issue, root, path)));
  const deepest = Math.max(...all.flat().map((mistake) => mistake.path.length), 0);
  const inside = all.flat().find((mistake) => mistake.path.length === deepest && deepest > path.length);
  if (inside !== undefined) return inside;
  const messages = [...new Set(all.flat().map(({ message }) => message))];
  const suggestion = all.flat().find((mistake) => mistake.suggestion?.startsWith('did you mean') === true)?.suggestion;
  return { path, message: messages.join(', or '), suggestion };
}

function plainMessage(issue: Issue): string {
  if (issue.code === 'too_small' && (issue.origin === 'array' || issue.origin === 'string') && issue.minimum === 1)
    return 'must not be empty';
  if (issue.code === 'too_small') return `must be ${issue.inclusive === true ? 'at least' : 'more than'} ${issue.minimum}`;
  if (issue.code === 'too_big') return `must be ${issue.inclusive === true ? 'at most' : 'less than'} ${issue.maximum}`;
  return issue.message.replace(/^Invalid (input|string): /, '');
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping (key: value lines)',
  record: 'a mapping (key: value lines)',
  array: 'a list',
};

function nameOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return 'text';
  return `the ${typeof value} ${String(value)}`;
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`;
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const segment of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[segment];
  }
  return value;
}
