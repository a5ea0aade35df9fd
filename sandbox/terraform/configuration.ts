import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Diagnostic, failure } from './failure.ts';
import type { Value } from './values.ts';

export interface DeclaredVariable {
  readonly hasDefault: boolean;
  /** Of a default that is a plain value; expressions are not evaluated. */
  readonly default?: Value;
  readonly sensitive: boolean;
}

/** What is read of a root module: no more than the names it declares. */
export interface Configuration {
  readonly variables: Readonly<Record<string, DeclaredVariable>>;
  readonly outputs: readonly string[];
  /** The type of the backend block; null without one. */
  readonly backend: string | null;
  readonly problems: readonly Diagnostic[];
}

/** Comments, strings and heredocs are blanked, so that braces in them count for nothing; names in quotes after a block's type stay. */
function withoutComments(source: string): string {
  return source.replace(/("(?:[^"\\\n]|\\.)*")|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_all, quoted?: string) => quoted ?? '');
}

function closing(source: string, open: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = open; at < source.length; at += 1) {
    const char = source[at];
    if (char === '\\' && quoted) at += 1;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === '{') depth += 1;
    else if (!quoted && char === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

interface Block {
  readonly type: string;
  readonly label: string;
  readonly body: string;
}

function blocksOf(source: string, pattern: RegExp): Block[] {
  return [...source.matchAll(pattern)].map((match) => {
    const open = (match.index ?? 0) + match[0].length - 1;
    const end = closing(source, open);
    return { type: match[1] ?? '', label: match[2] ?? '', body: source.slice(open + 1, end < 0 ? undefined : end) };
  });
}

function problemsOf(file: string, source: string): Diagnostic[] {
  const first = source.indexOf('{');
  for (let at = first; at >= 0; ) {
    const end = closing(source, at);
    if (end < 0) {
      const line = source.slice(0, at).split('\n').length;
      return [
        {
          severity: 'error',
          summary: 'Unclosed configuration block',
          detail: `There is no closing brace for the block at ${file} line ${line}.`,
        },
      ];
    }
    at = source.indexOf('{', end);
  }
  return [];
}

function plainValue(expression: string): Value | undefined {
  try {
    return JSON.parse(expression) as Value;
  } catch {
    return undefined;
  }
}

/** Reads the .tf files of a folder. Throws when there are none. */
export async function readConfiguration(folder: string): Promise<Configuration> {
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.tf')).sort();
  if (files.length === 0) {
    throw failure(
      'No configuration files',
      'Plan requires configuration to be present. Planning without a configuration would mark everything for destruction.',
    );
  }
  const sources = await Promise.all(files.map(async (file) => withoutComments(await readFile(join(folder, file), 'utf8'))));
  const all = sources.join('\n');
  const variables = blocksOf(all, /^[ \t]*(variable)\s+"([^"]+)"\s*\{/gm).map(({ label, body }) => {
    const [, written] = /^\s*default\s*=\s*(.+?)\s*$/m.exec(body) ?? [];
    const value = written === undefined ? undefined : plainValue(written);
    const declared: DeclaredVariable = {
      hasDefault: /^\s*default\s*=/m.test(body),
      ...(value === undefined ? {} : { default: value }),
      sensitive: /^\s*sensitive\s*=\s*true/m.test(body),
    };
    return [label, declared] as const;
  });
  const [backend] = blocksOf(all, /^[ \t]*(backend)\s+"([^"]+)"\s*\{/gm);
  return {
    variables: Object.fromEntries(variables),
    outputs: blocksOf(all, /^[ \t]*(output)\s+"([^"]+)"\s*\{/gm).map(({ label }) => label),
    backend: backend?.label ?? null,
    problems: files.flatMap((file, index) => problemsOf(file, sources[index] ?? '')),
  };
}
