import { createHash, createHmac } from 'node:crypto';
import * as z from 'zod';
import { EksDrError } from './errors.ts';
import { isJsonObject, type Json } from './json.ts';
import { redactor } from './redaction.ts';

/** A secret as plans and records see it: where its value comes from, and a MAC that tells two values apart. */
export const secretField = z.object({
  /** Where the value is found: `env:NAME` or `file:PATH`; null where only the live value is known. */
  ref: z.string().nullable(),
  /** HMAC-SHA256 of the value under EKS_DR_DIGEST_KEY, in hex. */
  mac: z.string(),
});

export type SecretField = z.infer<typeof secretField>;

/** What resolves and compares secrets without letting a value out. */
export interface Secrets {
  /** Tells keys apart without telling the key; stands in plans that hold a MAC. */
  readonly keyId: string;
  mac(value: string): string;
  /** The reference with the MAC of its present value. Throws `environment-missing` when there is none. */
  field(ref: string): Promise<SecretField>;
  /** The value itself: only for the call that writes it. */
  value(ref: string): Promise<string>;
  /** A text for people without any secret that is known here: the credentials, the key, every value that was asked for. */
  redact(text: string): string;
}

/** Finds the value behind a reference, or undefined. */
export type SecretSource = (ref: string) => Promise<string | undefined>;

/**
 * Without a key everything but `value` throws `environment-missing`: a run without secrets needs none. `credentials`: further secrets that
 * no text may hold.
 */
export function createSecrets(digestKey: string | undefined, source: SecretSource, credentials: readonly string[] = []): Secrets {
  const known = new Set([...credentials, ...(digestKey === undefined ? [] : [digestKey])]);
  let redact = redactor(known);
  const key = (): string => {
    if (digestKey !== undefined && digestKey !== '') return digestKey;
    throw new EksDrError('environment-missing', {
      message: 'EKS_DR_DIGEST_KEY is not set; secrets are compared under it.',
      target: 'EKS_DR_DIGEST_KEY',
      remedy: 'Set EKS_DR_DIGEST_KEY to the same random value (for example from `openssl rand -hex 32`) for every step of the run.',
    });
  };
  const mac = (value: string): string => createHmac('sha256', key()).update(value).digest('hex');
  const value = async (ref: string): Promise<string> => {
    const found = await source(ref);
    if (found === undefined || found === '') {
      throw new EksDrError('environment-missing', { message: `The secret ${ref} has no value here.`, target: ref });
    }
    if (!known.has(found)) redact = redactor(known.add(found));
    return found;
  };
  return {
    get keyId() {
      return createHash('sha256').update(`eks-dr key id ${key()}`).digest('hex').slice(0, 12);
    },
    mac,
    value,
    redact: (text) => redact(text),
    async field(ref) {
      return { ref, mac: mac(await value(ref)) };
    },
  };
}

/** A state with the `ref` beside each `mac` left out: where a secret came from is no difference in the world. */
export function comparable(state: Json): Json {
  if (Array.isArray(state)) return state.map((item: Json) => comparable(item));
  if (!isJsonObject(state)) return state;
  if (typeof state.mac === 'string' && 'ref' in state) return { mac: state.mac };
  return Object.fromEntries(Object.entries(state).map(([key, value]) => [key, comparable(value)]));
}

/** Whether a state holds a MAC, so that it can be compared only under the same key. */
export function holdsMac(state: Json): boolean {
  if (Array.isArray(state)) return state.some((item: Json) => holdsMac(item));
  if (!isJsonObject(state)) return false;
  return (typeof state.mac === 'string' && 'ref' in state) || Object.values(state).some(holdsMac);
}
