import type { Mistake, Path } from './mistake.ts';

/** What a known kind of secret looks like. Each pattern has the prefix and length that its issuer documents. */
const kinds: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: 'an AWS access key id', pattern: /\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g },
  { name: 'a GitLab token', pattern: /\bgl(pat|ptt|dt|rt|cbt|soat|ft|imt|agent|oas)-[\w-]{8,}/g },
  { name: 'a GitHub token', pattern: /\b(gh[opusr]_[A-Za-z0-9]{16,}|github_pat_\w{16,})/g },
  { name: 'a Vault token', pattern: /\bhv[sbr]\.[\w-]{16,}|(?<![\w.])s\.[A-Za-z0-9]{24,}(?![\w.-])/g },
  { name: 'a Slack token', pattern: /\bxox[a-z]-[\w-]{8,}/g },
  { name: 'a private key', pattern: /-----BEGIN ([A-Z]+ )*PRIVATE KEY-----/g },
  { name: 'a JSON Web Token', pattern: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g },
  { name: 'a New Relic licence key', pattern: /\b[A-Za-z0-9]{32,}NRAL\b|\bNRAK-[A-Z0-9]{16,}/g },
  { name: 'an EKS token', pattern: /\bk8s-aws-v1\.[\w-]{16,}/g },
  { name: 'a password in an address', pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']+:[^\s/@"'$]+@/g },
];

/** Text that looks like a known kind of secret, wherever it stands: values, keys, comments. The text itself is never repeated. */
export function secretsInText(text: string): readonly { readonly offset: number; readonly message: string }[] {
  return kinds.flatMap(({ name, pattern }) =>
    [...text.matchAll(pattern)].map(({ index }) => ({
      offset: index,
      message: `this looks like ${name}; an estate holds references, never secrets`,
    })),
  );
}

/** Values of fields that are named like a secret and look random, or are named like a password at all. */
export function secretMistakes(value: unknown, path: Path = []): readonly Mistake[] {
  if (typeof value === 'string') return isSecretValue(path, value) ? [secretMistake(path)] : [];
  if (typeof value !== 'object' || value === null) return [];
  const children = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return children.flatMap(([key, child]) => secretMistakes(child, [...path, key]));
}

function secretMistake(path: Path): Mistake {
  return {
    path,
    message: 'this looks like a secret; an estate holds references, never secrets',
    suggestion: 'env:NAME or file:PATH where a reference is taken, else a secret store of the program that reads it',
  };
}

function isSecretValue(path: Path, value: string): boolean {
  const name = path.findLast((segment) => typeof segment === 'string');
  if (typeof name !== 'string' || /(name|arn|path|ref|id|url|file)$/i.test(name)) return false;
  if (/^(env|file|arn):/.test(value) || value.startsWith('${')) return false;
  if (/pass(word|wd|phrase)$/i.test(name)) return value !== '';
  return /(secret|token|api_?key|licen[sc]e_?key|private_?key|access_?key|credential)/i.test(name) && looksRandom(value);
}

/** Long, of one piece, of letters and digits, and with more than 3.5 bits a character: no word that a person chose. */
function looksRandom(value: string): boolean {
  return value.length >= 20 && /^[\w+/=.~-]+$/.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value) && bitsPerCharacter(value) > 3.5;
}

function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => bits - (count / text.length) * Math.log2(count / text.length), 0);
}
