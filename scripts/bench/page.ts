import { type Goal, goalsOf, type Measured, megabytes, seconds } from './goals.ts';
import type { Spread } from './spread.ts';

/** What was measured, side by side, for people. */
export function pageOf(measured: Measured): string {
  const { starts, bundle, apply } = measured;
  const goals = goalsOf(measured);
  const [size, applied] = goals.slice(-2);
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
    `${apply.objects} namespaces with a secret in each, every answer ${apply.latencyMs} ms late; goal: ${applied?.goal}`,
    ...table([
      [
        'as a plan is applied',
        seconds(apply.ms.median),
        `median of ${apply.ms.runs}, ${seconds(apply.ms.min)} to ${seconds(apply.ms.max)}`,
        verdict(applied),
      ],
      ['one after another', seconds(apply.oneByOneMs), `${(apply.oneByOneMs / apply.ms.median).toFixed(1)} times as long`, ''],
    ]),
    '',
  ].join('\n');
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
