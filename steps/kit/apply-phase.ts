import { applyPlan } from './applying.ts';
import { type Approval, type ApprovalNeed, approvalNeedFor, verifyApproval } from './approval.ts';
import { beforeUndo } from './before-undo.ts';
import { EksDrError } from './errors.ts';
import { digestOf, type Json } from './json.ts';
import { contextOf, engineOf, type PhaseInput, type Sink } from './phase.ts';
import { changesOf, type Plan, planDigest } from './plan.ts';
import { planDescription } from './planning.ts';
import type { StepRecord } from './record.ts';
import { type Draft, recorded } from './recorded.ts';
import { redactWithin } from './redaction.ts';
import { brokenTie } from './staleness.ts';
import { isReadOnly } from './step.ts';
import { throwIfInterrupted } from './waiting.ts';

/** Applies the newest plan of this direction, once approved, then gathers the outputs. A read-only step just waits and gathers. */
export function applyPhase<E, C>(input: PhaseInput<E, C>, sink: Sink): Promise<StepRecord> {
  return recorded(input, 'apply', sink, async (draft, begin) => {
    const { step, direction, signal, log } = input;
    const applied = isReadOnly(step) ? await waitOnly(input, draft) : await applyNewest(input, draft, begin);
    throwIfInterrupted(signal);
    if (direction === 'undo') {
      log.info('undone');
      return {
        ...applied,
        status: 'ok',
        applied: [],
        completed: [],
        outputs: null,
        outputsDigest: digestOf(null),
        timing: { ...applied.timing, completedAt: null },
      };
    }
    const outputs = step.outputs.parse(await step.finish(contextOf(input))) as Json;
    const outputsDigest = digestOf(step.significant === undefined ? outputs : step.significant(outputs as never));
    await sink.files(redactWithin(step.files?.(outputs as never) ?? {}, (text) => input.secrets.redact(text)));
    log.info('ok');
    return { ...applied, status: 'ok', outputs, outputsDigest, timing: { ...applied.timing, completedAt: completedAt(input, applied) } };
  });
}

async function waitOnly<E, C>(input: PhaseInput<E, C>, draft: Draft): Promise<Draft> {
  if (input.direction === 'undo' || input.step.describe === undefined) return draft;
  const engine = engineOf(input);
  await applyPlan(engine, await planDescription(engine, await input.step.describe(contextOf(input))));
  return draft;
}

async function applyNewest<E, C>(input: PhaseInput<E, C>, draft: Draft, begin: (draft: Draft) => Promise<void>): Promise<Draft> {
  const plan = newestPlan(input);
  const changes = changesOf(plan.items);
  const need = approvalNeedFor(input.approvalRule, changes);
  const approval = approvalOf(input, plan, need);
  if (input.direction === 'undo') await beforeUndo(input, plan.items);
  const begins = input.direction === 'forward' && changes.length > 0 && !draft.applied.includes(plan.attempt);
  const started: Draft = {
    ...draft,
    status: 'applying',
    plan,
    approvalNeed: need,
    approval,
    applied: begins ? [...draft.applied, plan.attempt] : draft.applied,
    attempt: plan.attempt,
  };
  await begin(started);
  await applyPlan(engineOf(input), plan.items);
  const completed = started.applied.includes(plan.attempt) ? [...new Set([...(draft.completed ?? []), plan.attempt])] : draft.completed;
  return { ...started, completed };
}

/** The newest plan of the step, checked: of this run and direction, unedited, still true to what it was made from. */
function newestPlan<E, C>({ step, direction, documents, estate, secrets }: PhaseInput<E, C>): Plan {
  const plan = documents.plans.filter((entry) => entry.step === step.id).at(-1);
  const target = step.id;
  if (plan === undefined || plan.direction !== direction) {
    throw new EksDrError('plan-missing', { message: `There is no ${direction} plan of ${step.id} to apply.`, target });
  }
  if (planDigest(plan.items) !== plan.digest) {
    throw new EksDrError('plan-edited', { message: `Plan ${plan.attempt} of ${step.id} was changed after it was written.`, target });
  }
  const broken = direction === 'forward' ? brokenTie(plan, documents.records, estate) : null;
  if (broken !== null) throw new EksDrError('plan-stale', { message: `Plan ${plan.attempt} of ${step.id} is stale: ${broken}.`, target });
  if (plan.digestKey !== null && plan.digestKey !== secrets.keyId) {
    const keys = `${plan.digestKey} then, ${secrets.keyId} now`;
    throw new EksDrError('plan-stale', {
      message: `Plan ${plan.attempt} of ${step.id} was made under another EKS_DR_DIGEST_KEY (key id ${keys}).`,
      target,
    });
  }
  return plan;
}

function approvalOf<E, C>({ step, documents }: PhaseInput<E, C>, plan: Plan, need: ApprovalNeed): Approval | null {
  if (!need.required) return null;
  const { id: run, startedBy } = documents.run;
  return verifyApproval(documents.approvals[step.id], { run, step: step.id, attempt: plan.attempt, digest: plan.digest, startedBy, need });
}

/** A rerun that changed nothing keeps the moment at which the step was first complete: the RTO is not measured again. */
function completedAt<E, C>({ documents, step, clock }: PhaseInput<E, C>, { plan }: Draft): string {
  const before = documents.records[step.id]?.timing.completedAt ?? null;
  const changed = plan !== null && changesOf(plan.items).length > 0;
  return before === null || changed ? clock.timestamp() : before;
}
