/** What kind of failure this is; each has one exit status (see `exitStatus`). */
export type Category =
  | 'bug'
  | 'usage'
  | 'invalid-input'
  | 'stale'
  | 'drift'
  | 'permission'
  | 'conflict'
  | 'unavailable'
  | 'timeout'
  | 'guard'
  | 'unhealthy'
  | 'interrupted';

/** Exit statuses of every step and of the command line; documented in docs/errors.md. */
export const exitStatus: Readonly<Record<Category, number>> = {
  bug: 1,
  usage: 2,
  'invalid-input': 20,
  stale: 21,
  drift: 22,
  permission: 23,
  conflict: 24,
  unavailable: 25,
  timeout: 26,
  guard: 27,
  unhealthy: 28,
  interrupted: 29,
};

/** One line of the error catalogue: the category and what to do when nothing more specific is known. */
interface CatalogueEntry {
  readonly category: Category;
  readonly remedy: string;
}

/** Every error that EKS-DR can end in. A thrown error names one of these codes and says what, where and why. */
export const catalogue = {
  'bad-usage': { category: 'usage', remedy: 'Run the command with --help to see what it takes.' },
  'input-unreadable': { category: 'invalid-input', remedy: 'Check that the path exists and may be read.' },
  'output-unwritable': { category: 'invalid-input', remedy: 'Name a place that may be written, or make room, then start again.' },
  'input-not-json': { category: 'invalid-input', remedy: 'Restore the file from the archived artifacts of the run.' },
  'input-invalid': { category: 'invalid-input', remedy: 'Correct the named fields, then start again.' },
  'estate-invalid': { category: 'invalid-input', remedy: 'Correct the estate at the named lines, then start again.' },
  'environment-missing': { category: 'invalid-input', remedy: 'Set the named environment variables, then start again.' },
  'environment-refused': { category: 'invalid-input', remedy: 'Unset the named environment variables, then start again.' },
  'program-missing': { category: 'invalid-input', remedy: 'Install the program, or put its folder on PATH.' },
  'program-failed': { category: 'unavailable', remedy: 'Read the output of the program above, mend the cause, then run the step again.' },
  'record-missing': { category: 'stale', remedy: 'Run the named step first.' },
  'record-not-ok': { category: 'stale', remedy: 'Run the named step again until it ends ok.' },
  'record-foreign': { category: 'stale', remedy: 'Use the records of this run only; never copy them from another.' },
  'record-edited': { category: 'stale', remedy: 'Restore the record from the archived artifacts, or run its step again.' },
  'record-stale': { category: 'stale', remedy: 'Run the named step again, then this one.' },
  'plan-missing': { category: 'stale', remedy: 'Run the plan phase of this step first.' },
  'plan-stale': { category: 'stale', remedy: 'Plan this step again, look at what changed, and approve.' },
  'plan-edited': { category: 'stale', remedy: 'Restore the plan from the archived artifacts, or plan this step again.' },
  'approval-missing': { category: 'stale', remedy: 'Have the plan approved, then apply it.' },
  'approval-mismatch': { category: 'stale', remedy: 'Approve the newest plan of this step, then apply it.' },
  drift: { category: 'drift', remedy: 'Plan this step again, see what changed, and approve.' },
  'permission-denied': {
    category: 'permission',
    remedy: 'Grant the named permission to the identity that runs the step, then run it again.',
  },
  'credentials-missing': { category: 'permission', remedy: 'Provide credentials in the environment of the step, then run it again.' },
  'login-refused': {
    category: 'permission',
    remedy: 'Renew the credentials of the step, or let their identity log in there, then run the step again.',
  },
  conflict: { category: 'conflict', remedy: 'Find out who owns the named object; rename or release it, then plan again.' },
  'remote-refused': {
    category: 'invalid-input',
    remedy: 'The remote system calls the request invalid: correct what it names, then plan again.',
  },
  'remote-unavailable': {
    category: 'unavailable',
    remedy: 'Check that the system is up and reachable from here, then run the step again.',
  },
  'remote-answer-invalid': {
    category: 'unavailable',
    remedy: 'Check what stands between here and the system (a proxy, another version), then run the step again.',
  },
  'not-visible-yet': { category: 'timeout', remedy: 'Run the step again: it continues where it stopped.' },
  'wait-timed-out': { category: 'timeout', remedy: 'Look at the named object; run the step again to wait on.' },
  'drill-guard': {
    category: 'guard',
    remedy: 'A drill changes only what is its own. Correct the estate, or the tags on the object, then plan again.',
  },
  unhealthy: { category: 'unhealthy', remedy: 'Mend the named causes, then run the step again.' },
  'preflight-blocked': { category: 'unhealthy', remedy: 'Remove the named blockers, then run preflight again.' },
  'endpoint-unmapped': { category: 'unhealthy', remedy: 'Give every old endpoint exactly one successor, then run the step again.' },
  interrupted: { category: 'interrupted', remedy: 'Run the step again: it continues where it stopped.' },
  rejected: { category: 'interrupted', remedy: 'Run again and approve, or undo the run.' },
  'run-busy': { category: 'conflict', remedy: 'Wait for the other process to end, or stop it, then try again.' },
  'run-closed': {
    category: 'conflict',
    remedy: 'Start a new run from the new estate; what the closed run left is kept or removed by hand.',
  },
  bug: { category: 'bug', remedy: 'Please report this with the log; running the step again is safe.' },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;

/** The JSON shape of an error in a record. */
export interface ErrorRecord {
  readonly code: string;
  readonly category: Category;
  readonly message: string;
  readonly remedy: string;
  /** What it is about: an object, a file and path, an address. */
  readonly target: string | null;
  /** Further errors of the same group. */
  readonly also: readonly ErrorRecord[];
}

export interface Failure {
  /** What went wrong and why, in one or two sentences for a tired person. Never a secret, never a whole input. */
  readonly message: string;
  readonly target?: string | undefined;
  readonly remedy?: string | undefined;
  readonly cause?: unknown;
  readonly also?: readonly EksDrError[];
}

/** The one error type that leaves any part of EKS-DR on purpose. */
export class EksDrError extends Error {
  readonly code: ErrorCode;
  readonly category: Category;
  readonly remedy: string;
  readonly target: string | null;
  readonly also: readonly EksDrError[];

  constructor(code: ErrorCode, failure: Failure) {
    super(sentence(failure.message), failure.cause === undefined ? undefined : { cause: failure.cause });
    this.name = 'EksDrError';
    this.code = code;
    this.category = catalogue[code].category;
    this.remedy = failure.remedy ?? catalogue[code].remedy;
    this.target = failure.target ?? null;
    this.also = failure.also ?? [];
  }

  toRecord(): ErrorRecord {
    const { code, category, message, remedy, target } = this;
    return { code, category, message, remedy, target, also: this.also.map((other) => other.toRecord()) };
  }
}

// What remote systems say, at the end of a message, has no full stop of its own. Lists have none either.
function sentence(message: string): string {
  return message.includes('\n') || /[.?!:…]["')\]]?$/.test(message.trimEnd()) ? message : `${message.trimEnd()}.`;
}

/** Turns whatever was thrown into an EksDrError; anything that is not one already is a bug of ours. */
export function asEksDrError(thrown: unknown): EksDrError {
  if (thrown instanceof EksDrError) return thrown;
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new EksDrError('bug', { message, cause: thrown });
}

/** The same for those who go on without: a bug of ours and an interruption are nobody's to go on from, and are thrown. */
export function asBearable(thrown: unknown): EksDrError {
  const error = asEksDrError(thrown);
  if (error.category === 'bug' || error.category === 'interrupted') throw error;
  return error;
}

// A group ends with the error that most needs a person; what a retry may cure comes last.
const severity: readonly Category[] = [
  'bug',
  'guard',
  'drift',
  'conflict',
  'permission',
  'usage',
  'invalid-input',
  'stale',
  'unhealthy',
  'timeout',
  'unavailable',
  'interrupted',
];

/** Gathers the errors of a group into one: the gravest first, the others under `also`. */
export function gather(errors: readonly EksDrError[]): EksDrError {
  const [first, ...others] = errors.toSorted((a, b) => severity.indexOf(a.category) - severity.indexOf(b.category));
  if (first === undefined) throw new TypeError('gather() needs at least one error');
  if (others.length === 0) return first;
  const { message, remedy, target, cause } = first;
  return new EksDrError(first.code, { message, remedy, target: target ?? undefined, cause, also: [...first.also, ...others] });
}
