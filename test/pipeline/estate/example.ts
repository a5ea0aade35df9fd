import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const exampleFile = fileURLToPath(new URL('../../../examples/shop/eks-dr.yaml', import.meta.url));

/** The text of the example estate, with replacements; each must find what it replaces. */
export function exampleWith(...replacements: readonly (readonly [string, string])[]): string {
  return replacements.reduce(
    (text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`the example estate does not hold ${from}`);
      return text.replace(from, () => to);
    },
    readFileSync(exampleFile, 'utf8'),
  );
}

/** The line (from 1) of the first line that holds this text. */
export function lineOf(text: string, needle: string): number {
  return text.split('\n').findIndex((line) => line.includes(needle)) + 1;
}
