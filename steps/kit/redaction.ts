/** What stands in the place of a secret. */
export const REDACTED = '[secret]';

/** Shorter ones would be found in words that have nothing to do with them. */
const SHORTEST = 8;

// An EKS token is made anew for each connection: it is known by its form alone.
const bearerTokens = /k8s-aws-v1\.[\w-]+/g;

/**
 * Takes secrets out of a text that is about to leave the process: what a remote system says may echo them. They are found as they are and
 * as base64, hex, part of an address or of a JSON text; also where `brief` has cut them.
 */
export function redactor(secrets: Iterable<string>): (text: string) => string {
  const forms = [...new Set([...secrets].filter((secret) => secret.length >= SHORTEST).flatMap(formsOf))]
    .filter((form) => form.length >= SHORTEST)
    .toSorted((a, b) => b.length - a.length);
  return (text) => {
    const whole = forms.reduce((rest, form) => rest.replaceAll(form, REDACTED), text.replace(bearerTokens, REDACTED));
    return withoutCut(whole, forms);
  };
}

/** The same in every text inside a value. */
export function redactWithin<T>(value: T, redact: (text: string) => string): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => redactWithin(item, redact)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactWithin(item, redact)])) as T;
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), hex, hex.toUpperCase(), ...base64Forms(bytes)];
}

/** In base64 the same bytes look in one of three ways, by where they stand; what neighbours have a part in is left out. */
function base64Forms(bytes: Buffer): string[] {
  const forms = [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = before === 0 ? 0 : before + 1;
    const to = (before + bytes.length) % 3 === 0 ? text.length : text.length - 1;
    return [text.slice(from, to)];
  });
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
}

/** The beginning of a secret before the `…` of a text that was cut. */
function withoutCut(text: string, forms: readonly string[]): string {
  return text
    .split('…')
    .map((part, index, parts) => (index === parts.length - 1 ? part : withoutBeginning(part, forms)))
    .join('…');
}

function withoutBeginning(text: string, forms: readonly string[]): string {
  const longest = forms.flatMap((form) => {
    for (let length = Math.min(form.length, text.length); length >= SHORTEST; length -= 1) {
      if (text.endsWith(form.slice(0, length))) return [length];
    }
    return [];
  });
  return longest.length === 0 ? text : `${text.slice(0, text.length - Math.max(...longest))}${REDACTED}`;
}
