import * as z from 'zod';
import type { Approval } from '../kit/approval.ts';
import { countVerbs, type Plan } from '../kit/plan.ts';
import { isDone, type StepRecord } from '../kit/record.ts';
import type { Run } from '../kit/run.ts';
import { compareText } from '../kit/text.ts';
import { netChanges } from '../kit/undo.ts';
import type { Report, ReportStep } from './document.ts';

export interface ReportInput {
  readonly run: Run;
  readonly records: Readonly<Record<string, StepRecord>>;
  readonly plans: readonly Plan[];
  /** Approvals beside those in the records, such as of a plan that is not applied yet. */
  readonly approvals: Readonly<Record<string, Approval>>;
  /** The steps of the run in order; those without a record are shown as pending. Without it: what there are records of. */
  readonly steps?: readonly string[];
  readonly targetSeconds: number;
}

/** The step that writes the report tells of all others, and takes no part in the recovery time. */
const REPORT_STEP = 'report';

/** Makes the report of a run, finished or not, from its documents alone. */
export function buildReport(input: ReportInput): Report {
  const { run, records, targetSeconds } = input;
  const names = stepNames(input);
  const steps = names.map((name) => stepOf(name, records[name], input.plans));
  const { id, mode, target, reason, incidentAt, startedAt, startedBy, waivers, unhealthyPrimary } = run;
  const actualSeconds = actualSecondsOf(run, names, records);
  return {
    schema: 1,
    run: { id, mode, target, reason, incidentAt, startedAt, startedBy },
    status: statusOf(steps),
    services: servicesOf(outputsOf(records['await-services'])),
    steps,
    approvals: approvalsOf(input, names),
    waivers: waivers.map(({ service, reason: why, by }) => ({ service, reason: why, by })),
    unhealthyPrimary: unhealthyPrimary ?? null,
    switched: switchedOf((step) => outputsOf(records[step])),
    inventory: inventoryOf(outputsOf(records['take-inventory'])),
    ...fenceOf(outputsOf(records['fence-primary'])),
    rto: { targetSeconds, actualSeconds, met: actualSeconds === null ? null : actualSeconds <= targetSeconds },
  };
}

function stepNames({ steps, records }: ReportInput): string[] {
  const started = Object.values(records).toSorted((a, b) => compareText(a.timing.startedAt, b.timing.startedAt));
  const known = steps ?? started.map(({ step }) => step);
  const others = started.map(({ step }) => step).filter((step) => !known.includes(step));
  return [...known, ...others].filter((step) => step !== REPORT_STEP);
}

function stepOf(step: string, record: StepRecord | undefined, plans: readonly Plan[]): ReportStep {
  if (record === undefined) {
    return { step, status: 'pending', ...counts([]), startedAt: null, completedAt: null, seconds: 0, attempt: 0, error: null };
  }
  const { timing, attempt, error } = record;
  const applied = plans.filter((plan) => plan.step === step && record.applied.includes(plan.attempt));
  return {
    step,
    status: record.direction === 'undo' && record.status === 'ok' ? (record.phase === 'apply' ? 'undone' : 'planned') : record.status,
    ...counts(applied),
    startedAt: timing.startedAt,
    completedAt: timing.completedAt,
    seconds: timing.seconds,
    attempt,
    error: error === null ? null : error.message,
  };
}

function counts(applied: readonly Plan[]): Pick<ReportStep, 'changes' | 'created' | 'updated' | 'deleted'> {
  const verbs = countVerbs(netChanges(applied));
  return { changes: verbs.create + verbs.update + verbs.delete, created: verbs.create, updated: verbs.update, deleted: verbs.delete };
}

function statusOf(steps: readonly ReportStep[]): Report['status'] {
  if (steps.some(({ status }) => status === 'failed')) return 'failed';
  return steps.length > 0 && steps.every(({ status }) => status === 'ok') ? 'ok' : 'incomplete';
}

/** The clock starts at the incident and stops when the last step is complete: a rerun that changed nothing doesn't count again. */
function actualSecondsOf(run: Run, names: readonly string[], records: ReportInput['records']): number | null {
  const ends = names.map((name) => {
    const record = records[name];
    return record !== undefined && isDone(record) ? record.timing.completedAt : null;
  });
  const known = ends.filter((end) => end !== null);
  if (known.length === 0 || known.length < ends.length) return null;
  const last = Math.max(...known.map((end) => Date.parse(end)));
  return Math.max(0, (last - Date.parse(run.incidentAt)) / 1000);
}

function approvalsOf({ records, approvals }: ReportInput, names: readonly string[]): Report['approvals'] {
  return names.flatMap((step) => {
    const given = records[step]?.approval ?? approvals[step] ?? null;
    if (given === null) return [];
    const { attempt, by, at, via, digest } = given;
    return [{ step, attempt, by, at, via, digest }];
  });
}

// The outputs of other steps are read by their documented shape, so that a report can be made of any run folder.
const awaited = z.object({
  total: z.int().nonnegative(),
  healthy: z.int().nonnegative(),
  services: z.array(z.object({ name: z.string(), tier: z.string(), status: z.string(), reason: z.string().nullable() })),
});

function servicesOf(outputs: unknown): Report['services'] {
  const { data } = awaited.safeParse(outputs);
  if (data === undefined) return null;
  const withStatus = (wanted: string) =>
    data.services.filter(({ status }) => status === wanted).map(({ name, tier, reason }) => ({ name, tier, reason: reason ?? '' }));
  return { total: data.total, healthy: data.healthy, failed: withStatus('unhealthy'), waived: withStatus('waived') };
}

function switchedOf(outputsBy: (step: string) => unknown): Report['switched'] {
  const records = z.object({ records: z.array(z.unknown()) }).safeParse(outputsBy('switch-route53')).data?.records;
  const origins = z.object({ origins: z.array(z.unknown()) }).safeParse(outputsBy('switch-cloudfront')).data?.origins;
  const apis = z.object({ apis: z.array(z.object({ integrations: z.array(z.unknown()) })) }).safeParse(outputsBy('switch-api-gateway'))
    .data?.apis;
  if (records === undefined && origins === undefined && apis === undefined) return null;
  const integrations = apis?.flatMap((api) => api.integrations).length ?? 0;
  return { records: records?.length ?? 0, origins: origins?.length ?? 0, integrations };
}

function inventoryOf(outputs: unknown): Report['inventory'] {
  const { data } = z.object({ source: z.enum(['live', 'last-good', 'mixed']), takenAt: z.iso.datetime() }).safeParse(outputs);
  return data === undefined ? null : { source: data.source, takenAt: data.takenAt };
}

const fenced = z.object({
  primary: z.enum(['fenced', 'unreachable', 'gone']),
  reason: z.string().nullable(),
  podsLeft: z.int().nonnegative(),
});

function fenceOf(outputs: unknown): Pick<Report, 'fence'> {
  const { data } = fenced.safeParse(outputs);
  return data === undefined ? {} : { fence: data };
}

function outputsOf(record: StepRecord | undefined): unknown {
  return record !== undefined && isDone(record) ? record.outputs : null;
}
