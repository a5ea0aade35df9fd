import type { Argv, InferredOptionTypes, Options } from 'yargs';
import type { CliIo } from './io.ts';

type OptionTable = Readonly<Record<string, Options>>;

/** One command of the command line. */
export interface Command<O extends OptionTable> {
  readonly name: string;
  /** What may stand behind the name, in the words of yargs: `[document]`, which is one of the options, too. */
  readonly positional?: string;
  readonly summary: string;
  readonly examples: readonly (readonly [line: string, what: string])[];
  readonly options: O;
  /** Answers the exit status; throws EksDrError. */
  run(args: InferredOptionTypes<O>, io: CliIo): Promise<number>;
}

/** A command with its arguments forgotten, as the list of commands holds it. */
export interface AnyCommand {
  readonly name: string;
  readonly optionNames: readonly string[];
  /** Adds the command; `done` is told the promise of its exit status. */
  addTo(yargs: Argv, io: CliIo, done: (status: Promise<number>) => void): Argv;
}

export function defineCommand<const O extends OptionTable>({ name, positional, summary, examples, options, run }: Command<O>): AnyCommand {
  return {
    name,
    optionNames: Object.keys(options),
    addTo: (yargs, io, done) =>
      yargs.command(
        positional === undefined ? name : `${name} ${positional}`,
        summary,
        (builder) => examples.reduce((built, [line, what]) => built.example(`$0 ${line}`, what), builder.options(options) as Argv),
        (args) => done(run(args as unknown as InferredOptionTypes<O>, io)),
      ),
  };
}
