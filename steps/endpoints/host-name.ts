/**
 * A host name in the form in which two can be compared: lower case, no trailing dot, Route 53's octal escapes resolved,
 * and without the `dualstack.` prefix that the console puts before a load balancer's name.
 */
export function normalisedHost(name: string): string {
  return plainName(name).replace(/^dualstack\./, '');
}

/** A DNS name without escapes and trailing dot, in lower case. Route 53 answers `*` as `\052`. */
export function plainName(name: string): string {
  return name
    .replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    .replace(/\.$/, '')
    .toLowerCase();
}

/** A load balancer's new name in the place of an old one, with the `dualstack.` prefix where the old one had it. */
export function inTheFormOf(old: string, successor: string): string {
  return plainName(old).startsWith('dualstack.') ? `dualstack.${normalisedHost(successor)}` : normalisedHost(successor);
}
