import { plainName } from './host-name.ts';

/** A TXT record as Route 53 lists it. */
export interface TxtRecord {
  readonly name: string;
  /** In quotes, as Route 53 gives them. */
  readonly values: readonly string[];
}

const HERITAGE = /heritage=external-dns/;
const OWNER = /external-dns\/owner=([^,"]+)/;

/**
 * Which records external-dns owns, by the TXT records in which it says so: record name -> its owner id.
 * It names them after the record (`shop.example.com`), with the record's type in front (`a-shop...`, `cname-shop...`), and,
 * where its --txt-prefix or --txt-suffix says so, with more around it. Such a TXT belongs to the longest record name it can belong to.
 */
export function externalDnsOwners(records: readonly string[], texts: readonly TxtRecord[]): Map<string, string> {
  const names = [...new Set(records.map(plainName))].sort((a, b) => b.length - a.length);
  const owners = new Map<string, string>();
  for (const { name, values } of texts) {
    const text = values.join(' ');
    if (!HERITAGE.test(text)) continue;
    const owned = names.find((candidate) => belongsTo(plainName(name), candidate));
    if (owned !== undefined) owners.set(owned, OWNER.exec(text)?.[1] ?? 'unknown');
  }
  return owners;
}

function belongsTo(text: string, record: string): boolean {
  if (text === record) return true;
  const [label = '', ...rest] = record.split('.');
  const parent = `.${rest.join('.')}`;
  if (!text.endsWith(parent)) return false;
  const around = text.slice(0, -parent.length);
  // --txt-wildcard-replacement: some word stands where the asterisk was.
  if (label === '*') return /(^|[-._])(\*|any|all|star|wildcard|_+)$/.test(around);
  if (around.startsWith(`${label}-`) || around.startsWith(`${label}.`)) return true;
  if (!around.endsWith(label)) return false;
  // Without a separator only a prefix that speaks of DNS or TXT counts: `shop` is not `op` with something before it.
  return /([-._]|dns|txt|owner)$/.test(around.slice(0, -label.length));
}
