import type { Turn } from '../stages/step-turn.ts';
import type { CrashResult } from './crash-case.ts';
import { turnText } from './kill-point.ts';

/** What became of the kill points of one step in one direction. */
export interface Tally extends Turn {
  readonly cases: number;
  /** Cases whose kill came too late: the step had no such request this time. */
  readonly missed: number;
  readonly undone: number;
  readonly byHand: number;
  readonly failed: number;
  readonly seconds: number;
}

export function tallyOf({ step, direction }: Turn, results: readonly CrashResult[]): Tally {
  const own = results.filter((result) => result.step === step && result.direction === direction);
  return {
    step,
    direction,
    cases: own.length,
    missed: own.filter(({ reached }) => !reached).length,
    undone: own.filter(({ undone }) => undone).length,
    byHand: own.filter(({ byHand }) => byHand).length,
    failed: own.filter(({ findings }) => findings.length > 0).length,
    seconds: own.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

const columns = ['cases', 'missed', 'undone', 'byHand', 'failed'] as const;
const heads: Readonly<Record<(typeof columns)[number], string>> = {
  cases: 'kills',
  missed: 'too late',
  undone: 'undone',
  byHand: 'by hand',
  failed: 'failed',
};

/** The tallies as a table for people; steps without a case are left out. */
export function tallyTable(tallies: readonly Tally[]): string[] {
  const told = tallies.filter(({ cases }) => cases > 0);
  const width = Math.max('step'.length, ...told.map((tally) => turnText(tally).length));
  const row = (name: string, cells: readonly string[]): string => [name.padEnd(width), ...cells.map((cell) => cell.padStart(8))].join('  ');
  return [
    row('step', [...columns.map((column) => heads[column]), 'seconds']),
    ...told.map((tally) => row(turnText(tally), [...columns.map((column) => String(tally[column])), tally.seconds.toFixed(0)])),
  ];
}
