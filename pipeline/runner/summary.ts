import type { Colors } from 'picocolors/types.ts';
import { durationText } from '../../steps/kit/text.ts';
import type { StepResult } from './run.ts';

/**
 * The steps of a walk as a table for people, those that had no turn in one line, then every error with what to do.
 * What several steps say alike is said once.
 */
export function summaryLines(results: readonly StepResult[], colours: Colors): readonly string[] {
  const started = results.filter(({ status }) => status !== 'not-started');
  const width = Math.max(...results.map(({ step }) => step.length));
  const rows = started.map(({ step, status, changes, seconds, error }) => {
    const end = error?.category === 'interrupted' ? 'stopped' : status;
    const paint = status === 'ok' ? colours.green : status === 'failed' ? colours.red : colours.dim;
    const numbers = status === 'ok' || status === 'planned' ? `${String(changes).padStart(5)} changes  ${durationText(seconds)}` : '';
    return `  ${step.padEnd(width)}  ${paint(end.padEnd(11))} ${numbers}`.trimEnd();
  });
  const waiting = results.filter(({ status }) => status === 'not-started').map(({ step }) => step);
  const notStarted = waiting.length === 0 ? [] : [colours.dim(`  not started: ${waiting.join(', ')}`)];
  return [...rows, ...notStarted, ...leftAloneLines(results, colours), ...errorLines(results, colours)];
}

/** What a person has to look at after an undo. */
function leftAloneLines(results: readonly StepResult[], colours: Colors): readonly string[] {
  return results.flatMap(({ step, leftAlone = [] }) =>
    leftAlone.map((name) => `  ${colours.yellow(step)}: left as it is, because others changed it since: ${name}`),
  );
}

function errorLines(results: readonly StepResult[], colours: Colors): readonly string[] {
  const blocks = results.flatMap(({ step, error }) =>
    error === null
      ? []
      : [error, ...error.also].map(({ message, remedy }) => [
          `  ${colours.red(step)}: ${indented(message)}`,
          ...(remedy === '' ? [] : [`    -> ${indented(remedy)}`]),
        ]),
  );
  return [...new Set(blocks.map((lines) => lines.join('\n')))].flatMap((block) => block.split('\n'));
}

function indented(text: string): string {
  return text.replaceAll('\n', '\n    ');
}
