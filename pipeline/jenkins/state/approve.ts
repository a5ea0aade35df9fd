import type { Clock } from '../../../steps/kit/clock.ts';
import { EksDrError } from '../../../steps/kit/errors.ts';
import type { Direction, Plan } from '../../../steps/kit/plan.ts';
import { writeApproval } from '../../runner/folder.ts';
import { newestPlan } from './newest-plan.ts';
import { type Environment, startersOf } from './parameters.ts';

export interface ApproveOptions {
  readonly folder: string;
  readonly step: string;
  readonly direction: Direction;
  readonly environment: Environment;
  /** Who approved, where a person runs this by hand; else it is taken from EKS_DR_APPROVAL. */
  readonly by: string | undefined;
  clock(run: { readonly startedAt: string }): Pick<Clock, 'timestamp'>;
}

export interface ApproveAnswer {
  readonly approved: boolean;
  readonly by: string;
}

/**
 * Writes the approval document of the newest plan, where it needs one. Throws `approval-missing` when nobody approved in this build,
 * `approval-mismatch` when another plan was shown, or when the person may not: started or restarted the build where a second one is asked for.
 */
export async function approve({ folder, step, direction, environment, by, clock }: ApproveOptions): Promise<ApproveAnswer> {
  const planned = await newestPlan(folder, step, direction, environment);
  if (planned === undefined || !planned.need.required) return { approved: false, by: '' };
  const { run, plan, need, automatic } = planned;
  const approver = automatic ? `AUTO_APPROVE of ${run.startedBy}` : (by ?? approverInBuild(plan, environment));
  if (need.notTheStarter && [run.startedBy, ...startersOf(environment)].includes(approver)) {
    throw new EksDrError('approval-mismatch', {
      message: `${approver} started or restarted this run and may not approve ${step}.`,
      target: step,
      remedy: 'Restart this stage and have somebody else approve; the estate (approvals.notTheStarter) asks for a second person.',
    });
  }
  await writeApproval(folder, {
    schema: 1,
    run: run.id,
    step,
    attempt: plan.attempt,
    digest: plan.digest,
    decision: 'approved',
    by: approver,
    at: clock(run).timestamp(),
    via: automatic ? 'jenkins, AUTO_APPROVE' : 'jenkins',
  });
  return { approved: true, by: approver };
}

/** `<build> <attempt> <digest> <user>`, as eksDrApprove left it. After a restart, that of the former build is still there. */
function approverInBuild(plan: Plan, environment: Environment): string {
  const [, build, attempt, digest, user] = /^(\d+) (\d+) (\S+) (.+)$/.exec(environment.EKS_DR_APPROVAL ?? '') ?? [];
  if (user === undefined || build !== environment.BUILD_NUMBER) {
    throw new EksDrError('approval-missing', {
      message: `Plan ${plan.attempt} of ${plan.step} (${plan.digest}) was not approved in this build.`,
      target: plan.step,
      remedy: 'Restart the stage of this step: it plans again and asks.',
    });
  }
  if (Number(attempt) !== plan.attempt || digest !== plan.digest) {
    throw new EksDrError('approval-mismatch', {
      message: `${user} approved plan ${attempt} of ${plan.step} (${digest}), but the newest is plan ${plan.attempt} (${plan.digest}).`,
      target: plan.step,
      remedy: 'Restart the stage of this step: it plans again and asks.',
    });
  }
  return user;
}
