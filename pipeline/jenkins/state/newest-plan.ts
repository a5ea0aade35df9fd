import { approvalRule } from '../../../steps/approval-rule.ts';
import type { Estate } from '../../../steps/estate/estate.ts';
import { estate as estateSchema } from '../../../steps/estate/estate.ts';
import { type ApprovalNeed, approvalNeedFor } from '../../../steps/kit/approval.ts';
import { readDocuments } from '../../../steps/kit/documents.ts';
import { parseAs } from '../../../steps/kit/parse.ts';
import { changesOf, type Direction, type Plan } from '../../../steps/kit/plan.ts';
import type { Run } from '../../../steps/kit/run.ts';
import { type Environment, isAutoApprove } from './parameters.ts';

/** The newest plan of a step with what the estate says about its approval. */
export interface Planned {
  readonly run: Run;
  readonly estate: Estate;
  readonly plan: Plan;
  readonly need: ApprovalNeed;
  /** Whether AUTO_APPROVE of a drill stands in for a person. */
  readonly automatic: boolean;
}

/** Undefined where the newest plan is not of this direction, or there is none: a step that changes nothing. */
export async function newestPlan(
  folder: string,
  step: string,
  direction: Direction,
  environment: Environment,
): Promise<Planned | undefined> {
  const { run, estate: raw, plans } = await readDocuments(folder);
  const estate = parseAs(estateSchema, raw, 'estate.json', 'estate-invalid');
  const plan = plans.filter((entry) => entry.step === step).at(-1);
  if (plan === undefined || plan.direction !== direction) return undefined;
  const changes = changesOf(plan.items);
  const need = approvalNeedFor(approvalRule(estate.approvals, run.mode, step), changes);
  // A second person, or a look at what changed behind our back, is what AUTO_APPROVE can't give.
  const surprising = changes.some(({ changedSince }) => changedSince !== undefined);
  return { run, estate, plan, need, automatic: run.mode === 'drill' && isAutoApprove(environment) && !need.notTheStarter && !surprising };
}
