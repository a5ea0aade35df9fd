import type { Cause } from './cause.ts';

/** A Secret or ConfigMap that a pod names and that is not there, from what the kubelet says of it; null: it speaks of none. */
export function referenceCause(message: string): Cause | null {
  const [, kind, name] = /\b(secret|configmap) "([^"]+)" not found/i.exec(message) ?? [];
  if (kind !== undefined && name !== undefined) return { what: `a ${kindOf(kind)} is missing`, about: name };
  const [, key, of, where] = /couldn't find key (\S+) in (Secret|ConfigMap) (\S+)/.exec(message) ?? [];
  if (key !== undefined && of !== undefined && where !== undefined)
    return { what: `a ${of} lacks a key`, about: `${key} in ${where.split('/').at(-1) ?? where}` };
  const [, volume, what, lost] = /volume "([^"]+)" ?: references non-existent (secret|config) key: (\S+)/.exec(message) ?? [];
  if (volume === undefined || what === undefined) return null;
  return { what: `a ${what === 'secret' ? 'Secret' : 'ConfigMap'} lacks a key`, about: `${lost ?? ''} for the volume ${volume}` };
}

function kindOf(word: string): string {
  return word.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap';
}
