/** Whether a text is as a pattern says, in which `*` stands for anything and every other character for itself. */
export function matchesGlob(pattern: string, text: string): boolean {
  const literal = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`, 's').test(text);
}
