import * as z from 'zod';
import { EksDrError } from './errors.ts';
import { countVerbs } from './plan.ts';
import type { Change } from './resource.ts';

/** `<step>.approval.json`: who allowed which plan. A document of its own, so that approving and applying can be two people's work. */
export const approval = z.strictObject({
  schema: z.literal(1),
  run: z.string().min(1),
  step: z.string().min(1),
  attempt: z.int().positive(),
  /** The digest of the plan that was shown. */
  digest: z.string(),
  decision: z.literal('approved'),
  by: z.string().min(1),
  at: z.iso.datetime(),
  /** Where it was given: terminal, jenkins, or a rule (`--approve all`). */
  via: z.string().min(1),
});

export type Approval = z.infer<typeof approval>;

export type ApprovalMode = 'ask' | 'auto-if-create-only' | 'auto';

/** The rule for one step in one mode. */
export interface ApprovalRule {
  readonly mode: ApprovalMode;
  /** Users or groups; empty: whoever may run the job. */
  readonly approvers: readonly string[];
  readonly timeoutMinutes: number;
  readonly notTheStarter: boolean;
}

/** The rule together with what it means for one plan. */
export const approvalNeed = z.strictObject({
  mode: z.enum(['ask', 'auto-if-create-only', 'auto']),
  required: z.boolean(),
  approvers: z.array(z.string()),
  timeoutMinutes: z.number().positive(),
  notTheStarter: z.boolean(),
});

export type ApprovalNeed = z.infer<typeof approvalNeed>;

/** An empty plan never asks; what changed since we made it asks whatever the mode. */
export function approvalNeedFor(rule: ApprovalRule, changes: readonly Change[]): ApprovalNeed {
  const { update, delete: deleted } = countVerbs(changes);
  const surprising = changes.some((entry) => entry.changedSince !== undefined);
  const asks = rule.mode === 'ask' || (rule.mode === 'auto-if-create-only' && update + deleted > 0) || surprising;
  return { ...rule, approvers: [...rule.approvers], required: changes.length > 0 && asks };
}

/** The approval, if it is of exactly this plan and by somebody who may give it; else throws. */
export function verifyApproval(
  given: Approval | undefined,
  expected: {
    readonly run: string;
    readonly step: string;
    readonly attempt: number;
    readonly digest: string;
    readonly startedBy: string;
    readonly need: ApprovalNeed;
  },
): Approval {
  const { run, step, attempt, digest, startedBy, need } = expected;
  if (given === undefined) {
    throw new EksDrError('approval-missing', { message: `Plan ${attempt} of ${step} (${digest}) has not been approved.`, target: step });
  }
  if (given.run !== run || given.step !== step || given.attempt !== attempt || given.digest !== digest) {
    throw new EksDrError('approval-mismatch', {
      message: `The approval by ${given.by} is for plan ${given.attempt} of ${given.step} in run ${given.run} (${given.digest}), not for plan ${attempt} of ${step} in run ${run} (${digest}).`,
      target: step,
    });
  }
  if (need.notTheStarter && given.by === startedBy) {
    throw new EksDrError('approval-mismatch', {
      message: `${given.by} started this run and may not approve ${step}.`,
      target: step,
      remedy: 'Have somebody else approve the plan; the estate (approvals.notTheStarter) asks for a second person.',
    });
  }
  return given;
}
