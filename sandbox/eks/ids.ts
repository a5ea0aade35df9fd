import { createHash } from 'node:crypto';
import type { World } from '../world.ts';

/** The first hex digits of a hash: always the same for the same text. */
export function hex(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}

/** A UUID-shaped id that the account has not given out before. */
export function nextId(world: World): string {
  world.eks.counter += 1;
  const text = hex(`eks/${world.eks.counter}`, 32);
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
}
