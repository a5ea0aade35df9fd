import type * as z from 'zod';
import type { Estate } from '../estate/estate.ts';
import type { Clock } from '../kit/clock.ts';
import { EksDrError } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import { terraformEnvironment } from './terraform-environment.ts';
import { failureOf } from './terraform-errors.ts';
import type { PrivateFolder } from './terraform-folder.ts';
import { leftLock } from './terraform-left-lock.ts';
import { type Diagnostic, diagnosticsOfText, followMessages } from './terraform-messages.ts';
import { type ProcessResult, runProcess, type Watch } from './terraform-process.ts';
import type { StackRef } from './terraform-types.ts';

/** Runs single commands of Terraform in one module with one private folder. */
export interface CommandLine {
  /** Runs to the end; the caller judges the exit status. Throws `program-missing`, `interrupted`, `wait-timed-out`. */
  attempt(command: string, args: readonly string[], watch?: Watch): Promise<ProcessResult>;
  /** As `attempt`, but any exit status than 0 is an error. Nothing of stdout is logged. */
  run(command: string, args: readonly string[], watch?: Watch): Promise<ProcessResult>;
  /** For commands with `-json` progress: the log follows line by line. */
  stream(command: string, args: readonly string[], watch?: Watch): Promise<void>;
  failure(command: string, result: ProcessResult): EksDrError;
}

interface Surroundings {
  readonly estate: Pick<Estate, 'terraform'>;
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export function commandLine(
  surroundings: Surroundings,
  place: { readonly program: string; readonly stack: StackRef; readonly module: string; readonly folder: PrivateFolder },
): CommandLine {
  const { environment, log, estate } = surroundings;
  const { program, stack, module, folder } = place;
  const env = terraformEnvironment(environment, folder);

  // What may hold the lock of the state comes to its end by itself: cut short, it would forget what it has made.
  const outlives = ({ onStart }: Partial<Watch>) => (onStart === undefined ? {} : { outputFolder: folder.path });
  const start = (command: string, args: readonly string[], more: Partial<Watch> & { onLine?: (line: string) => void } = {}) => {
    log.debug(`${program} ${command}`);
    const startedAt = Date.now();
    return withinLimit(surroundings, `${program} ${command}`, stack.stateKey, estate.terraform.limitMinutes * 60, async (signal) => {
      const result = await runProcess({
        program,
        args: [...command.split(' '), ...args],
        cwd: module,
        env,
        signal,
        ...more,
        ...outlives(more),
      });
      if (leftLock(command, result, startedAt)) more.onLockLeft?.();
      return result;
    });
  };
  const failure = (
    command: string,
    { code, stdout, stderr }: ProcessResult,
    diagnostics: readonly Diagnostic[] = diagnosticsOfText(stderr),
  ): EksDrError => {
    if (surroundings.signal.aborted)
      return new EksDrError('interrupted', { message: `${program} ${command} was interrupted; what it had done is saved in its state.` });
    // stdout of a failed command may hold values; only what stands behind "Error:" is used.
    const said = diagnostics.length > 0 ? diagnostics : diagnosticsOfText(stdout);
    return failureOf({ program, command, target: stack.stateKey === '' ? program : stack.stateKey, diagnostics: said, stderr, code });
  };
  const checked = async (command: string, result: ProcessResult): Promise<ProcessResult> => {
    if (result.code !== 0) throw failure(command, result);
    return result;
  };

  return {
    attempt: (command, args, watch) => start(command, args, watch),
    run: async (command, args, watch) => checked(command, await start(command, args, watch)),
    async stream(command, args, watch) {
      const messages = followMessages(log);
      const result = await start(command, args, { ...watch, onLine: messages.line });
      if (result.code !== 0)
        throw failure(command, { ...result, stdout: '' }, [...messages.diagnostics(), ...diagnosticsOfText(result.stderr)]);
    },
    failure,
  };
}

/** Ends what takes longer than the estate allows, the same way as a person would: by one interrupt. */
async function withinLimit<T>(
  { clock, signal }: Surroundings,
  what: string,
  target: string,
  seconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const over = new AbortController();
  const timer = clock.sleep(seconds, over.signal).then(
    () => late.abort(),
    () => undefined,
  );
  try {
    const result = await work(AbortSignal.any([signal, late.signal]));
    if (late.signal.aborted && !signal.aborted) {
      throw new EksDrError('wait-timed-out', {
        message: `${what} was not done within ${Math.round(seconds / 60)} minutes and was interrupted; what it had done is saved in its state.`,
        target,
        remedy: 'Look at the named object; run the step again to go on, or raise terraform.limitMinutes in the estate.',
      });
    }
    return result;
  } finally {
    over.abort();
    await timer;
  }
}

/** Parses what a command printed as JSON. Throws `remote-answer-invalid` without quoting it: it may hold values. */
export function parseOutput<T>(schema: z.ZodType<T>, text: string, what: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new EksDrError('remote-answer-invalid', {
      message: `${what} printed no JSON of the documented form.`,
      target: what,
      remedy: 'Use a release of the program that this version knows: Terraform or OpenTofu 1.10 or later.',
      cause,
    });
  }
}
