import type { Deviation } from './contract.ts';
import { ANSWERED } from './refusal.ts';

/** The mistake of a server that answers where it must refuse by the documentation at `source`. */
export function accepts(source: string, instead = 'It takes it.'): Deviation {
  return { instead, seen: ANSWERED, source };
}
