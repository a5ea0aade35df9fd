import * as z from 'zod';
import { approval, approvalNeed } from './approval.ts';
import type { ErrorRecord } from './errors.ts';
import { digestOf, type Json } from './json.ts';
import { direction, plan } from './plan.ts';

const json = z.json() as unknown as z.ZodType<Json>;

const errorRecord: z.ZodType<ErrorRecord> = z.strictObject({
  code: z.string(),
  category: z.enum([
    'bug',
    'usage',
    'invalid-input',
    'stale',
    'drift',
    'permission',
    'conflict',
    'unavailable',
    'timeout',
    'guard',
    'unhealthy',
    'interrupted',
  ]),
  message: z.string(),
  remedy: z.string(),
  target: z.string().nullable(),
  get also() {
    return z.array(errorRecord);
  },
});

/**
 * planned: a plan waits for approval. applying: mutations may be under way (or the process died in the middle).
 * ok: everything the plan says is there and the outputs are known. failed, interrupted: see `error`.
 */
export const status = z.enum(['planned', 'applying', 'ok', 'failed', 'interrupted']);

/** `<step>.record.json`: what became of a step. Written atomically, over the former one. */
export const record = z.strictObject({
  schema: z.literal(1),
  run: z.string().min(1),
  step: z.string().min(1),
  phase: z.enum(['plan', 'apply']),
  direction,
  status,
  /** The newest plan; null where the step changes nothing by its nature, or planning failed. */
  plan: plan.nullable(),
  approvalNeed: approvalNeed.nullable(),
  approval: approval.nullable(),
  /** Attempts whose apply has begun since the last undo: what an undo folds over. */
  applied: z.array(z.int().positive()),
  /** Those of them whose apply came to its end: nothing of an earlier attempt is left where they changed it. */
  completed: z.array(z.int().positive()).optional(),
  outputs: json,
  /** Of the part of the outputs on which later steps depend: what ties plans and records to them. */
  outputsDigest: z.string(),
  /** Digests of the outputs this step used, by step. */
  needs: z.record(z.string(), z.string()),
  estate: z.strictObject({ parts: z.array(z.string()), digest: z.string() }),
  error: errorRecord.nullable(),
  timing: z.strictObject({
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    seconds: z.number().nonnegative(),
    /** When the step first ended ok in this run with these outputs: a rerun that changes nothing keeps it. */
    completedAt: z.iso.datetime().nullable(),
  }),
  attempt: z.int().nonnegative(),
  tool: z.string(),
  /** Over everything above: tells an edited record. No defence against someone who means it. */
  digest: z.string(),
});

export type StepRecord = z.infer<typeof record>;

/** Adds the digest that tells an edited record. */
export function sealRecord(unsealed: Omit<StepRecord, 'digest'>): StepRecord {
  return { ...unsealed, digest: digestOf(unsealed) };
}

export function isSealed(sealed: StepRecord): boolean {
  const { digest, ...rest } = sealed;
  return digest === digestOf(rest);
}

/** Whether the step has ended ok forward, so that others may use its outputs. */
export function isDone(entry: StepRecord): boolean {
  return entry.status === 'ok' && entry.phase === 'apply' && entry.direction === 'forward';
}
