import { EksDrError, gather } from './errors.ts';
import { digestOf } from './json.ts';
import { isDone, isSealed, type StepRecord } from './record.ts';

/** The digests that tie a record to what it was made from. */
export interface Ties {
  readonly needs: Readonly<Record<string, string>>;
  readonly estate: { readonly parts: readonly string[]; readonly digest: string };
}

type Records = Readonly<Record<string, StepRecord>>;
type EstateParts = Readonly<Record<string, unknown>>;

/** The part of the estate under these names; names that are absent are left out. */
export function estatePart(estate: EstateParts, parts: readonly string[]): EstateParts {
  return Object.fromEntries(parts.filter((part) => estate[part] !== undefined).map((part) => [part, estate[part]]));
}

/** The digest to which things made from the outputs of a step are tied. */
export function outputsDigestOf(record: StepRecord | undefined): string {
  return record?.outputsDigest ?? digestOf(null);
}

/** Ties something made now to the outputs of these steps and these parts of the estate. */
export function tiesTo(
  records: Records,
  needs: readonly string[],
  estate: EstateParts,
  parts: readonly string[],
): { needs: Record<string, string>; estate: { parts: string[]; digest: string } } {
  return {
    needs: Object.fromEntries(needs.map((step) => [step, outputsDigestOf(records[step])])),
    estate: { parts: [...parts], digest: digestOf(estatePart(estate, parts)) },
  };
}

/** The reason why ties no longer hold, or null. */
export function brokenTie(ties: Ties, records: Records, estate: EstateParts): string | null {
  for (const [step, digest] of Object.entries(ties.needs)) {
    if (outputsDigestOf(records[step]) !== digest) return `the outputs of ${step} have changed since`;
  }
  if (digestOf(estatePart(estate, ties.estate.parts)) !== ties.estate.digest) {
    return `the estate has changed since in one of: ${ties.estate.parts.join(', ')}`;
  }
  return null;
}

/** Throws, with all reasons at once, unless the records of these steps (and of those they were made from) may be used. */
export function verifyRecords(steps: readonly string[], records: Records, estate: EstateParts, run: string): void {
  const errors = new Map<string, EksDrError>();
  const visited = new Set<string>();
  const visit = (step: string): void => {
    if (visited.has(step)) return;
    visited.add(step);
    const found = records[step];
    const error = refusal(step, found, records, estate, run);
    if (error !== null) errors.set(step, error);
    else Object.keys(found?.needs ?? {}).forEach(visit);
  };
  steps.forEach(visit);
  if (errors.size > 0) throw gather([...errors.values()]);
}

const unfinished = {
  ok: 'was only planned',
  planned: 'was planned, but not applied',
  applying: 'was begun and never came to its end',
  failed: 'failed',
  interrupted: 'was interrupted',
} as const;

function refusal(step: string, found: StepRecord | undefined, records: Records, estate: EstateParts, run: string): EksDrError | null {
  const target = `${step}.record.json`;
  if (found === undefined)
    return new EksDrError('record-missing', { message: `There is no record of ${step}.`, target, remedy: `Run ${step} first.` });
  if (found.run !== run) {
    return new EksDrError('record-foreign', { message: `The record of ${step} is of run ${found.run}, not of ${run}.`, target });
  }
  if (found.step !== step) return new EksDrError('record-foreign', { message: `${target} holds the record of ${found.step}.`, target });
  if (!isSealed(found))
    return new EksDrError('record-edited', { message: `The record of ${step} was changed after it was written.`, target });
  if (!isDone(found)) {
    const state = found.direction === 'undo' ? 'was undone' : unfinished[found.status];
    return new EksDrError('record-not-ok', { message: `${step} ${state}.`, target, remedy: `Run ${step} until it ends ok.` });
  }
  const broken = brokenTie(found, records, estate);
  if (broken === null) return null;
  return new EksDrError('record-stale', {
    message: `The record of ${step} is stale: ${broken}.`,
    target,
    remedy: `Run ${step} again, then this step.`,
  });
}
