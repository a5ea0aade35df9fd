import { parseArgs } from 'node:util';
import { EksDrError } from './errors.ts';
import type { LogFormat } from './log.ts';
import type { Direction } from './plan.ts';

/** The command line of every compiled step. */
export interface StepCommand {
  readonly phase: 'plan' | 'apply';
  readonly direction: Direction;
  /** A run folder, a file with one JSON document, or `-` for standard input. */
  readonly in: string;
  /** A file, `-` for standard output, or undefined: into the run folder. */
  readonly out: string | undefined;
  readonly logFormat: LogFormat;
  readonly verbose: boolean;
}

export const usage = (step: string): string =>
  `Usage: ${step} <plan|apply> --in <folder | file | -> [--out <file | ->] [--undo] [--log text|json] [--verbose]`;

/** Parses the arguments of a step. Throws `bad-usage` naming every mistake. */
export function parseCommand(step: string, args: readonly string[]): StepCommand {
  const { values, positionals } = parse(step, args);
  const [phase, ...rest] = positionals;
  const log = values.log ?? 'text';
  const mistakes = [
    ...(phase === 'plan' || phase === 'apply'
      ? []
      : [phase === undefined ? 'name a phase, plan or apply' : `"${phase}" is neither plan nor apply`]),
    ...rest.map((extra) => `"${extra}" is too much`),
    ...(values.in === undefined ? ['--in is missing'] : []),
    ...(log === 'text' || log === 'json' ? [] : [`--log takes text or json, not "${log}"`]),
  ];
  if (mistakes.length > 0) throw badUsage(step, mistakes);
  return {
    phase: phase === 'plan' ? 'plan' : 'apply',
    direction: values.undo === true ? 'undo' : 'forward',
    in: values.in ?? '-',
    out: values.out,
    logFormat: log === 'json' ? 'json' : 'text',
    verbose: values.verbose === true,
  };
}

function parse(step: string, args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        in: { type: 'string' },
        out: { type: 'string' },
        undo: { type: 'boolean' },
        log: { type: 'string' },
        verbose: { type: 'boolean' },
      },
    });
  } catch (thrown) {
    throw badUsage(step, [thrown instanceof Error ? thrown.message : String(thrown)]);
  }
}

function badUsage(step: string, mistakes: readonly string[]): EksDrError {
  return new EksDrError('bad-usage', { message: `${mistakes.join('; ')}.`, target: step, remedy: usage(step) });
}
