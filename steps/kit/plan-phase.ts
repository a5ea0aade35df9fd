import { approvalNeedFor } from './approval.ts';
import { beforeUndo } from './before-undo.ts';
import { heedChangesSince, withAttached } from './changed-since.ts';
import { EksDrError } from './errors.ts';
import { contextOf, engineOf, lastAttempt, type PhaseInput, type Sink, tiesOf } from './phase.ts';
import { changesOf, countVerbs, expectedSeconds, type GoneWithCluster, type Plan, planDigest, waitsOf } from './plan.ts';
import { planDescription } from './planning.ts';
import type { StepRecord } from './record.ts';
import { recorded } from './recorded.ts';
import { holdsMac } from './secrets.ts';
import { isReadOnly } from './step.ts';
import { type AppliedPlan, foldPlans, planUndo, type UndoPlan } from './undo.ts';
import { describedWithoutCluster, foldedWithoutCluster } from './without-cluster.ts';

/** Compares what should be with what is, and writes the plan. Changes nothing in any remote system. */
export function planPhase<E, C>(input: PhaseInput<E, C>, sink: Sink): Promise<StepRecord> {
  return recorded(input, 'plan', sink, async (draft) => {
    const { step, direction, log } = input;
    if (isReadOnly(step) && direction === 'forward') {
      throw new EksDrError('bad-usage', {
        message: `${step.id} changes nothing and has no plan.`,
        target: step.id,
        remedy: `Run it with apply.`,
      });
    }
    const plan = sealPlan(input, direction === 'forward' ? await forwardItems(input) : await undoItems(input));
    if (direction === 'undo') await beforeUndo(input, plan.items);
    await sink.plan(plan);
    log.info(`plan ${plan.attempt}: ${summary(plan)}`);
    for (const { kind, id } of plan.leftAlone) log.warn(`left alone, because it was changed since: ${kind} ${Object.values(id).join(' ')}`);
    const gone = plan.goneWithCluster?.length ?? 0;
    if (gone > 0) log.warn(`gone with the cluster, neither read nor written: ${gone} things inside it (they stand in the plan)`);
    return {
      ...draft,
      status: 'planned',
      plan,
      attempt: plan.attempt,
      approvalNeed: approvalNeedFor(input.approvalRule, changesOf(plan.items)),
    };
  });
}

interface Items extends UndoPlan {
  readonly goneWithCluster?: readonly GoneWithCluster[];
}

async function forwardItems<E, C>(input: PhaseInput<E, C>): Promise<Items> {
  const description = (await input.step.describe?.(contextOf(input))) ?? [];
  return { items: await planDescription(engineOf(input), description), leftAlone: [] };
}

async function undoItems<E, C>(input: PhaseInput<E, C>): Promise<Items> {
  const { step } = input;
  const engine = engineOf(input);
  const withoutCluster = input.documents.run.clusterGone !== undefined;
  const waves = foldPlans(appliedPlans(input));
  if (step.undo === undefined || waves.length === 0) {
    const { folded, gone } = withoutCluster ? foldedWithoutCluster(engine, waves) : { folded: waves, gone: [] };
    const { items, leftAlone } = await planUndo(engine, folded);
    const planned = { items: await withAttached(engine, items), leftAlone, goneWithCluster: gone };
    const waits = planned.items.length === 0 ? [] : (step.undoWaits?.(changesOf(planned.items)) ?? []);
    return waits.length === 0 ? planned : { ...planned, items: [...planned.items, [...waits]] };
  }
  const wanted = await step.undo(Object.assign(contextOf(input), { applied: waves.flat() }) as never);
  const { description, gone } = withoutCluster ? describedWithoutCluster(engine, wanted) : { description: wanted, gone: [] };
  const found = await planDescription(engine, description);
  const { items, leftAlone } = heedChangesSince(engine, found, { wanted: description, folded: waves });
  return { items: await withAttached(engine, items), leftAlone, goneWithCluster: gone };
}

/** The plans whose apply has begun since the last undo. Without all of them, what was there before is not known. */
function appliedPlans<E, C>({ step, documents }: PhaseInput<E, C>): AppliedPlan[] {
  const { applied: attempts = [], completed = [] } = documents.records[step.id] ?? {};
  const plans = documents.plans
    .filter((plan) => plan.step === step.id && attempts.includes(plan.attempt))
    .map(({ attempt, items }) => ({ attempt, items, completed: completed.includes(attempt) }));
  const lost = attempts.filter((attempt) => !plans.some((plan) => plan.attempt === attempt));
  if (lost.length === 0) return plans;
  throw new EksDrError('plan-missing', {
    message: `Plan ${lost.join(', ')} of ${step.id} was applied, but is not here: what was there before is not known.`,
    target: step.id,
    remedy: 'Restore the plans from the archived artifacts of the run.',
  });
}

function sealPlan<E, C>(input: PhaseInput<E, C>, { items, leftAlone, goneWithCluster = [] }: Items): Plan {
  const { step, direction, documents, clock, secrets } = input;
  const changes = changesOf(items);
  return {
    schema: 1,
    run: documents.run.id,
    step: step.id,
    attempt: lastAttempt(documents, step.id) + 1,
    direction,
    items: items.map((wave) => (wave.length === 1 && wave[0] !== undefined ? wave[0] : wave)),
    digest: planDigest(items),
    changes: countVerbs(changes),
    expectedSeconds: expectedSeconds(items),
    digestKey: changes.some(({ before, after }) => holdsMac(before) || holdsMac(after)) ? secrets.keyId : null,
    leftAlone,
    ...(goneWithCluster.length === 0 ? {} : { goneWithCluster: [...goneWithCluster] }),
    ...tiesOf(input),
    createdAt: clock.timestamp(),
  };
}

function summary({ changes, items, expectedSeconds: expected, digest }: Plan): string {
  const { create, update, delete: deleted } = changes;
  if (create + update + deleted === 0) return 'nothing to change';
  return `${create} to create, ${update} to change, ${deleted} to delete; ${waitsOf(items).length} waits, about ${Math.round(expected)} s; ${digest}`;
}
