import type { Colors } from 'picocolors/types.ts';
import { durationText } from '../../steps/kit/text.ts';
import type { StepResult } from './run.ts';

/** The steps of a walk as a table for people; errors with their remedies below. */
export function summaryLines(results: readonly StepResult[], colours: Colors): readonly string[] {
  const width = Math.max(...results.map(({ step }) => step.length));
  const rows = results.map(({ step, status, changes, seconds }) => {
    const paint = status === 'ok' ? colours.green : status === 'failed' ? colours.red : colours.dim;
    const numbers = status === 'ok' || status === 'planned' ? `${String(changes).padStart(5)} changes  ${durationText(seconds)}` : '';
    return `  ${step.padEnd(width)}  ${paint(status.padEnd(11))} ${numbers}`.trimEnd();
  });
  const errors = results.flatMap(({ step, error }) =>
    error === null ? [] : [error, ...error.also].flatMap((each) => [`  ${colours.red(step)}: ${each.message}`, `    -> ${each.remedy}`]),
  );
  return [...rows, ...errors];
}
