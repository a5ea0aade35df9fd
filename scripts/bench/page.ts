import type { ApplyTimes } from './apply.ts';
import { type Goal, goalsOf, type Measured, megabytes, seconds, timesLeast } from './goals.ts';
import type { SwitchTimes } from './rated/switching.ts';
import type { Spread } from './spread.ts';

/** What was measured, side by side, for people. */
export function pageOf(measured: Measured): string {
  const { starts, bundle, namespaces, vaultRoles, records, apis, distributions, rendering } = measured;
  const goals = goalsOf(measured);
  const [size, ofNamespaces, ofRoles, ofRecords, ofApis, ofDistributions, rendered] = goals.slice(-7);
  const rows = starts.steps.map(({ step, ms, loads }, index) => [
    step,
    spreadText(ms),
    goals[index]?.measured ?? '',
    `${(loads.bytes / 1e3).toFixed(0)} kB in ${loads.files.length} files`,
    verdict(goals[index]),
  ]);
  return [
    `Start of a process (median of ${starts.node.runs}, least to most); goal: ${goals[0]?.goal}`,
    ...table([['node -e 0', spreadText(starts.node), '', '', ''], ...rows]),
    '',
    `The compiled steps, as the Jenkins library carries them; goal: ${size?.goal}`,
    ...table([['compressed', megabytes(bundle.compressedBytes), `${megabytes(bundle.bytes)} in ${bundle.files} files`, verdict(size)]]),
    '',
    ...appliedTable(namespaces, ofNamespaces),
    '',
    ...appliedTable(vaultRoles, ofRoles),
    '',
    ...switchedTable(records, ofRecords),
    '',
    ...switchedTable(apis, ofApis),
    '',
    ...switchedTable(distributions, ofDistributions),
    '',
    `Applications rendered; goal: ${rendered?.goal}`,
    ...table(
      rendering.map(({ applications, ms, bytes }, index) => [
        String(applications),
        seconds(ms),
        `${(ms / applications).toFixed(2)} ms each`,
        megabytes(bytes),
        index === rendering.length - 1 ? verdict(rendered) : '',
      ]),
    ),
    '',
  ].join('\n');
}

/** The least is counted from requests and limits; the rest was measured, by a clock that runs faster than ours where it says so. */
function switchedTable(times: SwitchTimes, goal: Goal | undefined): string[] {
  const { title, objects, scale, seconds: taken, leastSeconds, scriptSeconds, refused, failed } = times;
  const clock = scale === 1 ? '' : `, by a clock ${scale} times as fast as ours, on which what our process takes counts ${scale} times`;
  return [
    `${objects} ${title} switched${clock}; goal: ${goal?.goal}`,
    ...table([
      ['as the limits allow', seconds(leastSeconds * 1000), '', ''],
      [
        'as a plan is applied',
        seconds(taken * 1000),
        `${timesLeast(times).toFixed(2)} times as long; ${refused} refused for the rate, ${failed} failed`,
        verdict(goal),
      ],
      [
        'by a script, one after another',
        seconds(scriptSeconds * 1000),
        `${(scriptSeconds / taken).toFixed(1)} times as long as the plan`,
        '',
      ],
    ]),
  ];
}

function appliedTable({ title, objects, latencyMs, ms, oneByOneMs }: ApplyTimes, goal: Goal | undefined): string[] {
  const range = `median of ${ms.runs}, ${seconds(ms.min)} to ${seconds(ms.max)}`;
  return [
    `${objects} ${title}, every answer ${latencyMs} ms late; goal: ${goal?.goal}`,
    ...table([
      ['as a plan is applied', seconds(ms.median), range, verdict(goal)],
      ['one after another', seconds(oneByOneMs), `${(oneByOneMs / ms.median).toFixed(1)} times as long`, ''],
    ]),
  ];
}

function verdict(goal: Goal | undefined): string {
  return goal?.met === true ? 'met' : 'missed';
}

function spreadText({ median, min, max }: Spread): string {
  return `${median.toFixed(0)} ms (${min.toFixed(0)} to ${max.toFixed(0)})`;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
