import { durationText } from '../kit/text.ts';
import { momentText, textTable } from '../kit/text-table.ts';
import type { Report, ReportStep } from './document.ts';

/** The report for people: plain text, at most 100 columns but for messages, a final line end. */
export function reportText(report: Report): string {
  const { run, status } = report;
  const lines = [
    `EKS-DR ${run.mode} ${run.id}: ${words[status]}`,
    '',
    `  Target     ${run.target}`,
    ...(run.reason === '' ? [] : [`  Reason     ${run.reason}`]),
    `  Incident   ${momentText(run.incidentAt)}`,
    `  Started    ${momentText(run.startedAt)} by ${run.startedBy}`,
    `  Recovery   ${recovery(report)}`,
    `  Services   ${services(report)}`,
    `  Endpoints  ${endpoints(report)}`,
    ...(report.inventory === null ? [] : [`  Inventory  ${report.inventory.source}, of ${momentText(report.inventory.takenAt)}`]),
    ...(report.fence === undefined ? [] : [`  Primary    ${fenceText(report.fence)}`]),
    '',
    ...stepTable(report.steps),
    ...section('Unhealthy services', report.services?.failed.map(({ name, tier, reason }) => `${name} (${tier}): ${reason}`) ?? []),
    ...section(
      'Waived services',
      report.waivers.map(({ service, reason, by }) => `${service}: ${reason} (${by})`),
    ),
    ...section(
      'Sent back to a primary that is not healthy',
      report.unhealthyPrimary === null ? [] : [`${report.unhealthyPrimary.reason} (${report.unhealthyPrimary.by})`],
    ),
    ...section(
      'Errors',
      report.steps.flatMap(({ step, error }) => (error === null ? [] : [`${step}: ${error}`])),
    ),
    ...section(
      'Approvals',
      report.approvals.map(({ step, by, at, via }) => `${step}: ${by}, ${momentText(at)}, ${via}`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

const words: Readonly<Record<Report['status'], string>> = { ok: 'complete', failed: 'failed', incomplete: 'not complete' };

function recovery({ rto }: Report): string {
  const target = `target ${durationText(rto.targetSeconds)}`;
  if (rto.actualSeconds === null) return `not complete (${target})`;
  return `${durationText(rto.actualSeconds)} from the incident to the last step (${target}: ${rto.met === true ? 'met' : 'missed'})`;
}

function services({ services: found }: Report): string {
  if (found === null) return 'not awaited yet';
  const waived = found.waived.length === 0 ? '' : `, ${found.waived.length} waived`;
  return `${found.healthy} of ${found.total} healthy${waived}${found.failed.length === 0 ? '' : `, ${found.failed.length} unhealthy`}`;
}

function fenceText({ primary, reason, podsLeft }: NonNullable<Report['fence']>): string {
  if (primary !== 'fenced') return `${primary}, not fenced: what worked there may still work. ${reason ?? ''}`.trimEnd();
  return podsLeft === 0 ? 'fenced' : `fenced, but ${podsLeft} of its pods had not ended in time`;
}

function stepTable(steps: readonly ReportStep[]): string[] {
  const head = ['Step', 'Status', 'Changes', 'Started', 'Took', 'Attempt'];
  const rows = steps.map(({ step, status, created, updated, deleted, startedAt, seconds, attempt }) => [
    step,
    status,
    created + updated + deleted === 0 ? '-' : `+${created} ~${updated} -${deleted}`,
    startedAt === null ? '-' : startedAt.slice(11, 19),
    startedAt === null ? '-' : durationText(seconds),
    attempt === 0 ? '-' : String(attempt),
  ]);
  return textTable(head, rows);
}

function section(title: string, entries: readonly string[]): string[] {
  return entries.length === 0 ? [] : ['', title, ...entries.map((entry) => `  - ${entry}`)];
}

function endpoints({ switched }: Report): string {
  if (switched === null) return 'not switched';
  const { records, origins, integrations } = switched;
  return `${records} Route 53 records, ${origins} CloudFront origins, ${integrations} API Gateway integrations switched`;
}
