import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface LoadedFiles {
  /** Absolute paths: the program first, then what it imports, directly or not. */
  readonly files: readonly string[];
  readonly bytes: number;
}

/** What a compiled program loads before its first line runs: what it reaches by `import` alone. What it loads later by `import()` is not in it. */
export async function loadedFiles(program: string): Promise<LoadedFiles> {
  const bytes = new Map<string, number>();
  const open = [program];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (bytes.has(path)) continue;
    const text = await readFile(path, 'utf8');
    bytes.set(path, Buffer.byteLength(text));
    open.push(...importedBy(text).map((specifier) => join(dirname(path), specifier)));
  }
  return { files: [...bytes.keys()], bytes: [...bytes.values()].reduce((sum, one) => sum + one, 0) };
}

// As esbuild writes them: import{a}from"./chunk-1.js"; import"./chunk-2.js"; export{b}from"./chunk-3.js".
function importedBy(text: string): string[] {
  return [...text.matchAll(/(?:\bfrom|\bimport)"(\.[^"\n]+\.js)"/g)].map(([, specifier = '']) => specifier);
}
