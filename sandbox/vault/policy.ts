/** What a rule of an ACL policy allows. */
export type Capability = 'create' | 'read' | 'update' | 'patch' | 'delete' | 'list' | 'sudo' | 'deny' | 'root';

interface Rule {
  readonly path: string;
  readonly capabilities: readonly Capability[];
}

const known: readonly string[] = ['create', 'read', 'update', 'patch', 'delete', 'list', 'sudo', 'deny', 'recover', 'subscribe'];

/** The rules of a policy in HCL, its only blocks `path "..." { capabilities = [...] }`. Throws with what is wrong. */
export function parsePolicy(text: string): Rule[] {
  const plain = text.replaceAll(/^\s*(#|\/\/).*$/gm, '');
  const rules: Rule[] = [];
  const rest = plain.replaceAll(/path\s+"([^"]*)"\s*\{([^}]*)\}/g, (_whole, path: string, body: string) => {
    const list = /capabilities\s*=\s*\[([^\]]*)\]/.exec(body)?.[1] ?? '';
    const capabilities = [...list.matchAll(/"([^"]*)"/g)].map(([, name = '']) => name);
    const wrong = capabilities.find((name) => !known.includes(name));
    if (wrong !== undefined) throw new Error(`path "${path}": invalid capability "${wrong}"`);
    rules.push({ path, capabilities: capabilities as Capability[] });
    return '';
  });
  if (rest.trim() !== '') throw new Error(`failed to parse policy: ${rest.trim().split('\n')[0]}`);
  return rules;
}

/** Whether a rule's path (`+`: one segment, a trailing `*`: anything) matches. */
function matches(pattern: string, path: string): boolean {
  const isPrefix = pattern.endsWith('*');
  const text = (isPrefix ? pattern.slice(0, -1) : pattern)
    .split('/')
    .map((segment) => (segment === '+' ? '[^/]+' : segment.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')))
    .join('/');
  return new RegExp(`^${text}${isPrefix ? '' : '$'}`).test(path);
}

/** Of two rules that match, the more specific one wins. Source: "Policies", priority matching, in Vault's documentation. */
function moreSpecific(a: string, b: string): number {
  const wildcard = (path: string): number => {
    const found = path.search(/[+*]/);
    return found < 0 ? Number.POSITIVE_INFINITY : found;
  };
  const order = (path: string): readonly number[] => [
    wildcard(path),
    path.endsWith('*') ? 0 : 1,
    -path.split('/').filter((segment) => segment === '+').length,
    path.length,
  ];
  const [left, right] = [order(a), order(b)];
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? 0;
    if (value !== other) return other > value ? 1 : -1;
  }
  return a < b ? 1 : -1;
}

/**
 * What policies allow at a path: the capabilities of the most specific rule, those of equal paths added up; `deny` stands alone. For what is
 * listed, which ends with a slash, a rule without the slash counts as well.
 */
export function capabilitiesAt(policies: readonly string[], path: string): readonly Capability[] {
  const rules = policies.flatMap(parsePolicy).filter((rule) => matches(rule.path, path) || `${rule.path}/` === path);
  const best = rules.map((rule) => rule.path).toSorted(moreSpecific)[0];
  if (best === undefined) return ['deny'];
  const capabilities = new Set(rules.filter((rule) => rule.path === best).flatMap((rule) => rule.capabilities));
  return capabilities.has('deny') || capabilities.size === 0 ? ['deny'] : [...capabilities].toSorted();
}
