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

export const wantsHelp = (args: readonly string[]): boolean => args.includes('--help') || args.includes('-h');

/** What `--help` prints. */
export const help = (step: string): string =>
  [
    usage(step),
    '',
    'plan   compares what should be with what is, and writes the plan; changes nothing',
    'apply  applies the newest plan once it is approved, then writes the outputs; a step without a plan is only applied',
    '',
    '--in       a run folder, a file with one JSON document, or - for standard input',
    '--out      where the record goes: a file, or - for standard output (default: into the run folder, else standard output)',
    '--undo     plan or apply the way back',
    '--log      log lines on standard error for people (text) or machines (json)',
    '--verbose  more log lines',
    '',
  ].join('\n');

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
    throw badUsage(step, [optionMistake(thrown)]);
  }
}

// Node explains at length how to write a file name that begins with a dash.
function optionMistake(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const unknown = /^Unknown option '(.*?)'/.exec(message)?.[1];
  if (unknown !== undefined) return `there is no option ${unknown}`;
  const incomplete = /^Option '(?:-\w, )?(--\w+).*' argument (missing|is ambiguous)/.exec(message)?.[1];
  return incomplete === undefined ? message.replace(/\.$/, '') : `${incomplete} wants a value`;
}

function badUsage(step: string, mistakes: readonly string[]): EksDrError {
  return new EksDrError('bad-usage', { message: `${mistakes.join('; ')}.`, target: step, remedy: usage(step) });
}
