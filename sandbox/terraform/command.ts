import type { Output } from './output.ts';
import type { Settings } from './settings.ts';

export interface CommandContext {
  readonly settings: Settings;
  readonly output: Output;
  /** Aborted by the first interrupt. */
  readonly signal: AbortSignal;
}

/** Runs a command with the arguments after its name; answers the exit status. Throws what `failure` makes. */
export type Command = (context: CommandContext, args: readonly string[]) => Promise<number>;
