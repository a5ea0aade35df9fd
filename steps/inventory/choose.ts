import type { Estate } from '../estate/estate.ts';
import { EksDrError } from '../kit/errors.ts';
import type { InventorySource } from './inventory.ts';
import { type Dated, type PartName, type Parts, partOf } from './parts.ts';

/** A part as its system answered, or why it did not. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: EksDrError };

export interface Chosen<T> {
  readonly source: InventorySource;
  readonly takenAt: string;
  readonly ageSeconds: number;
  readonly reason: string | null;
  readonly value: T;
}

/**
 * Chooses between what a system says now and what the archived inventory says: the live part unless there is none or the estate prefers
 * the archived one. Throws what the system ended in when there is neither; `unhealthy` when the chosen one is too old, or when the live
 * one shrank too much (deletion and malware damage live truth). A part that only tells people something throws nothing: it is unknown at
 * worst, and `reason` says what is odd about it.
 */
export function choosePart<Name extends PartName>(
  name: Name,
  live: Answer<Parts[Name]>,
  archived: Dated<Parts[Name]> | null,
  options: {
    readonly policy: Estate['inventory'];
    readonly now: number;
    readonly timestamp: string;
    /** Whether there is an archive at all: it may be of a version that did not know the part. */
    readonly isArchived?: boolean;
  },
): Chosen<Parts[Name]> {
  const { policy, now, timestamp, isArchived = false } = options;
  const { size, forPeople = false } = partOf(name);
  if (archived !== null && (policy.prefer === 'last-good' || !live.ok)) {
    const ageSeconds = Math.max(0, Math.round((now - Date.parse(archived.takenAt)) / 1000));
    const isTooOld = ageSeconds > policy.maxAgeHours * 3600;
    if (isTooOld && !forPeople) throw tooOld(name, archived.takenAt, ageSeconds, policy, live);
    const why = live.ok || policy.prefer === 'last-good' ? 'the estate prefers the archived inventory' : live.error.message;
    const reason = isTooOld ? `${why.replace(/\.$/, '')}; it is older than ${policy.maxAgeHours} hours` : why;
    return { source: 'last-good', takenAt: archived.takenAt, ageSeconds, reason, value: archived.value };
  }
  if (!live.ok) {
    if (!forPeople) throw missing(name, live.error, policy, isArchived);
    return { source: 'unknown', takenAt: timestamp, ageSeconds: 0, reason: live.error.message, value: null as Parts[Name] };
  }
  const loss = archived === null ? null : shrunk(name, size(live.value), size(archived.value), policy.maxShrinkPercent);
  if (loss !== null && !forPeople) throw refuseShrunk(name, loss);
  return { source: 'live', takenAt: timestamp, ageSeconds: 0, reason: loss, value: live.value };
}

/** What is gone, in a sentence; null where it is no more than may be. */
function shrunk(name: PartName, now: number, before: number, maxShrinkPercent: number): string | null {
  const percent = before === 0 ? 0 : ((before - now) / before) * 100;
  if (percent <= maxShrinkPercent) return null;
  return `${partOf(name).system} shows ${now} ${partOf(name).words}, but the archived inventory has ${before}: ${Math.round(percent)} % are gone (${maxShrinkPercent} % are allowed).`;
}

function refuseShrunk(name: PartName, message: string): EksDrError {
  return new EksDrError('unhealthy', {
    message,
    target: name,
    remedy:
      'If the loss is damage, go on with the archived inventory (eks-dr run --inventory last-good, or inventory.prefer: last-good in the estate). If it is meant, move the archived inventory away and take a new one (eks-dr inventory --out FILE), or raise inventory.maxShrinkPercent.',
  });
}

function missing(name: PartName, cause: EksDrError, policy: Estate['inventory'], isArchived: boolean): EksDrError {
  const first = cause.category === 'unavailable' ? `Make ${partOf(name).system} answer` : cause.remedy.replace(/\.$/, '');
  const archive =
    policy.lastGood === undefined
      ? 'name an archived inventory in the estate (inventory.lastGood)'
      : `put an archived inventory ${isArchived ? 'that holds them ' : ''}at ${policy.lastGood}`;
  return new EksDrError(cause.code, {
    message: `The ${partOf(name).words} are not known: ${cause.message}${isArchived ? ` The archived inventory at ${policy.lastGood} is of a version that did not hold them.` : ''}`,
    target: name,
    remedy: `${first}; or ${archive}.`,
    cause,
  });
}

function tooOld(name: PartName, takenAt: string, ageSeconds: number, policy: Estate['inventory'], live: Answer<unknown>): EksDrError {
  const why = live.ok ? 'the estate prefers it' : live.error.message;
  return new EksDrError('unhealthy', {
    message: `The archived ${partOf(name).words} are of ${takenAt}, ${Math.round(ageSeconds / 3600)} hours old; ${policy.maxAgeHours} are allowed. (${why})`,
    target: name,
    remedy: `Archive a newer inventory, make ${partOf(name).system} answer, or raise inventory.maxAgeHours in the estate.`,
  });
}
