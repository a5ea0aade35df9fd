import { join } from 'node:path';
import { writeAtomically } from '../../../steps/kit/atomic-file.ts';
import { readDocuments } from '../../../steps/kit/documents.ts';
import type { StepRecord } from '../../../steps/kit/record.ts';
import type { Run } from '../../../steps/kit/run.ts';
import { compareText, durationText } from '../../../steps/kit/text.ts';
import { readRun } from '../../runner/folder.ts';
import type { Environment } from './parameters.ts';

export interface SummaryAnswer {
  readonly title: string;
}

/** What became of the run so far, from the records alone: written to summary.txt, the first line is the answer. */
export async function summary(folder: string, environment: Environment): Promise<SummaryAnswer> {
  if ((await readRun(folder)) === undefined) return { title: 'The run did not begin.' };
  const { run, records } = await readDocuments(folder);
  const inOrder = Object.values(records).toSorted((a, b) => compareText(a.timing.startedAt, b.timing.startedAt));
  const title = titleOf(run, inOrder, environment);
  await writeAtomically(join(folder, 'summary.txt'), `${[title, '', ...inOrder.flatMap(recordLines)].join('\n')}\n`);
  return { title };
}

function titleOf(run: Run, records: readonly StepRecord[], environment: Environment): string {
  const stopped = records.filter(({ status }) => status === 'failed' || status === 'interrupted' || status === 'applying');
  const waiting = records.filter(({ status }) => status === 'planned').map((record) => whyNotApplied(record, environment));
  const done = records.filter(({ status, direction }) => status === 'ok' && direction === 'forward').length;
  const undone = records.filter(({ status, direction }) => status === 'ok' && direction === 'undo').length;
  const stops = [...stopped.map(({ step, status }) => `${step} ${status === 'applying' ? 'was cut off' : status}`), ...waiting];
  const counts = [`${done} ${done === 1 ? 'step' : 'steps'} ok`, ...(undone === 0 ? [] : [`${undone} undone`])];
  return `${run.id} to ${run.target}: ${[counts.join(', '), ...stops].join('; ')}`;
}

/** `<build> <attempt> rejected|timed-out`, as eksDrApprove left it. After a restart, that of the former build is still there. */
function whyNotApplied({ step, plan }: StepRecord, environment: Environment): string {
  const said = environment[`EKS_DR_UNANSWERED_${step.replaceAll('-', '_')}`] ?? '';
  const [, build, attempt, why] = /^(\d+) (\d+) (rejected|timed-out)$/.exec(said) ?? [];
  if (why === undefined || build !== environment.BUILD_NUMBER || Number(attempt) !== plan?.attempt)
    return `${step} was planned, not applied`;
  return why === 'timed-out'
    ? `${step} was not approved: nobody answered in time`
    : `${step} was not approved: rejected, or the build aborted meanwhile`;
}

function recordLines({ step, status, direction, timing, approval, error }: StepRecord): readonly string[] {
  const undone = direction === 'undo' ? ' (undo)' : '';
  const approved = approval === null ? '' : `, approved by ${approval.by}`;
  const errors = error === null ? [] : [error, ...error.also].flatMap((one) => [`    ${one.message}`, `    -> ${one.remedy}`]);
  return [`${step}${undone}: ${status}, ${durationText(timing.seconds)}${approved}`, ...errors];
}
