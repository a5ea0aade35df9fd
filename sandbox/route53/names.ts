const octal = /\\([0-7]{3})/g;

/** The characters of a name, `\052` undone. */
function unescaped(name: string): string {
  return name.replace(octal, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** A name as Route 53 answers it: lower case, with its final dot, everything but `a-z 0-9 - _ .` as an octal escape. */
export function canonicalName(name: string): string {
  const plain = unescaped(name).toLowerCase();
  const escaped = plain.replace(/[^a-z0-9_.-]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
  return escaped.endsWith('.') ? escaped : `${escaped}.`;
}

/** What is wrong with a name, or null: labels of 1 to 63 characters, 255 in all, `*` alone or as part of a label allowed. */
export function nameProblem(name: string): string | null {
  const plain = unescaped(canonicalName(name));
  if (plain.length > 255) return 'DomainTooLong';
  const labels = plain.slice(0, -1).split('.');
  if (labels.some((label) => label === '')) return 'DomainLabelEmpty';
  if (labels.some((label) => label.length > 63)) return 'DomainLabelTooLong';
  return null;
}

/** `www.example.com.` as `com.example.www.`: the form by which records are ordered. */
export function reversedName(name: string): string {
  return `${name.slice(0, -1).split('.').reverse().join('.')}.`;
}

/** Whether a canonical name is the zone's own or under it. */
export function isInZone(name: string, zoneName: string): boolean {
  return name === zoneName || name.endsWith(`.${zoneName}`);
}
