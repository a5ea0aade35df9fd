import { createHash } from 'node:crypto';
import type { KubernetesClusterState } from './state.ts';

export function sha(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A number from 0 up to `below`, always the same for the same text. */
export function hashNumber(text: string, below: number): number {
  return Number.parseInt(sha(text).slice(0, 8), 16) % below;
}

// The letters that Kubernetes uses in generated names: no vowels, nothing that looks like another.
const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** A name part as Kubernetes generates them, from a text. */
export function safeSuffix(text: string, length: number): string {
  const hex = sha(text);
  return Array.from({ length }, (_, index) => letters[Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16) % letters.length]).join('');
}

/** A number that this cluster has not given out before. */
export function nextNumber(cluster: KubernetesClusterState): number {
  cluster.counter += 1;
  return cluster.counter;
}

/** Five letters, as behind generateName. */
export function nextSuffix(cluster: KubernetesClusterState): string {
  return safeSuffix(`${cluster.region}/${cluster.cluster}/${nextNumber(cluster)}`, 5);
}

/** A version 4 UUID that this cluster has not given out before. */
export function nextUid(cluster: KubernetesClusterState): string {
  const hex = sha(`uid/${cluster.issuer}/${nextNumber(cluster)}`);
  const variant = '89ab'[Number.parseInt(hex.slice(16, 17), 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** RFC 3339 to the second, as metav1.Time. */
export function stamp(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}
