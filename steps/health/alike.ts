// Each in its own words for every pod and at every moment, though the cause is one.
const masks: readonly (readonly [RegExp, string])[] = [
  [/ ?\(retried \d+ times?\)/g, ''],
  [/\.? Retrying attempt #\d+ at \S+?(?=[.\s]|$)\.?/g, ''],
  [/ ?\bpod=\S+/g, ''],
  [/\bback-off [\dhms.]+ /g, 'back-off '],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\bsha256:[0-9a-f]{12,}/gi, '<digest>'],
  [/\b[0-9a-f]{40}\b/gi, '<commit>'],
  [/\b\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\b(\d{1,3}\.){3}\d{1,3}(:\d+)?\b/g, '<address>'],
  // What Kubernetes appends to generated names has no vowels and none of 0, 1 and 3.
  [/-[bcdfghjklmnpqrstvwxz2456789]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '-<pod>'],
  // Credentials in addresses; they are nobody's business here.
  [/:\/\/[^\s/@]+@/g, '://'],
];

/** A message in words that are the same for every pod, attempt and moment. */
export function alike(message: string): string {
  return masks.reduce((text, [pattern, instead]) => text.replace(pattern, instead), message).trim();
}

/** A message without the names of the service that it is about. A name is found as a whole: `api` is none in `apiserver`. */
export function withoutNames(message: string, names: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(names)
    .filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '')
    .toSorted(([, a], [, b]) => b.length - a.length)
    .reduce(
      (text, [what, name]) =>
        text.replaceAll(new RegExp(`(?<![A-Za-z0-9])${name.replaceAll('.', String.raw`\.`)}(?![A-Za-z0-9])`, 'g'), `<${what}>`),
      message,
    );
}
