import picocolors from 'picocolors';
import { EksDrError } from '../../../steps/kit/errors.ts';
import type { Direction } from '../../../steps/kit/plan.ts';
import { durationText } from '../../../steps/kit/text.ts';
import { planLines } from '../../approval/show.ts';
import { newestPlan, type Planned } from './newest-plan.ts';
import type { Environment } from './parameters.ts';

/** What the input of Jenkins shows and whom it lets through. Flat, so that Groovy copies it without a thought. */
export interface Question {
  readonly ask: boolean;
  readonly message: string;
  /** Users and groups, separated by commas; empty: whoever may build the job. */
  readonly submitter: string;
  readonly timeoutSeconds: number;
  readonly attempt: number;
  readonly digest: string;
}

// The message is a part of the saved state of the build and of a page: the plan itself is an artifact.
const LONGEST_MESSAGE = 8000;

/** The question about the newest plan of a step. Throws `plan-missing` when there is none. */
export async function approvalMessage(folder: string, step: string, direction: Direction, environment: Environment): Promise<Question> {
  const planned = await newestPlan(folder, step, direction, environment);
  if (planned === undefined)
    throw new EksDrError('plan-missing', { message: `There is no ${direction} plan of ${step} to approve.`, target: step });
  const { plan, need, automatic } = planned;
  return {
    ask: need.required && !automatic,
    message: cut(messageLines(planned, environment).join('\n')),
    submitter: need.approvers.join(','),
    timeoutSeconds: Math.max(1, Math.round(need.timeoutMinutes * 60)),
    attempt: plan.attempt,
    digest: plan.digest,
  };
}

function messageLines(planned: Planned, environment: Environment): readonly string[] {
  const { run, plan, need, automatic } = planned;
  const name = (kind: string, id: Readonly<Record<string, string>>): string => `${kind} ${Object.values(id).join(' ')}`;
  const lines = planLines(plan, `${run.mode} ${run.id} to ${run.target}`, {
    name,
    colours: picocolors.createColors(false),
    details: false,
  });
  const url =
    environment.BUILD_URL === undefined
      ? []
      : [`The whole plan: ${environment.BUILD_URL}artifact/dr-state/${plan.step}.${plan.attempt}.plan.json`];
  return [...lines.filter((line) => line !== ''), ...url, whoMay(need, automatic, run.startedBy)];
}

function whoMay(need: Planned['need'], automatic: boolean, startedBy: string): string {
  if (!need.required) return `No approval is asked for (${need.mode}).`;
  if (automatic) return 'Approved by AUTO_APPROVE of this drill.';
  const among = need.approvers.length === 0 ? 'Whoever may build this job' : need.approvers.join(', ');
  const except = need.notTheStarter ? `, but not ${startedBy} or anyone who restarted this build` : '';
  return `May approve: ${among}${except}. Waits ${durationText(need.timeoutMinutes * 60)}.`;
}

function cut(text: string): string {
  return text.length <= LONGEST_MESSAGE ? text : `${text.slice(0, LONGEST_MESSAGE)}\n... cut; see the plan among the artifacts.`;
}
