import type { PartName } from '../real/servers/part.ts';
import type { Running } from '../real/servers/running.ts';

/** What an assertion is about. */
export const CONCERNS = [
  'reads',
  'writes',
  'conflicts',
  'not found',
  'validation',
  'paging',
  'watch',
  'authentication',
  'consistency',
  'limits',
] as const;
export type Concern = (typeof CONCERNS)[number];

/** A server (or program) that somebody else wrote: the judge of the sandbox, as far as it is not wrong itself. */
export type Referee = PartName | 'terraform';
export type SubjectName = 'sandbox' | Referee;

/** Where a referee is known to be wrong, or lacks what is asserted. The assertion must fail on it, in just this way. */
export interface Deviation {
  /** A sentence: what the referee does instead. */
  readonly instead: string;
  /** In the message of the failure. */
  readonly seen: RegExp;
  /** URL of the vendor's documentation (or source) by which the referee is the one that is wrong. */
  readonly source: string;
}

export interface Assertion<Subject> {
  /** A sentence about behaviour, unique in its contract. */
  readonly title: string;
  readonly concern: Concern;
  /** URL of the vendor's documentation. Needed where no referee judges. */
  readonly source?: string;
  /** Drives the subject over the wire, on things of its own; throws where it behaves otherwise. */
  readonly holds: (subject: Subject) => Promise<void>;
  readonly deviations?: Partial<Record<Referee, Deviation>>;
  /** The referees that serve what it is about; all of the contract's unless given. None: the sandbox alone is asked. */
  readonly servedBy?: readonly Referee[];
}

/** Whether a subject is asked at all: the sandbox always is. */
export function isAsked({ servedBy }: Pick<Assertion<never>, 'servedBy'>, subject: SubjectName): boolean {
  return subject === 'sandbox' || servedBy === undefined || servedBy.includes(subject);
}

/** A subject that answers. */
export interface Opened<Subject> {
  readonly subject: Subject;
  close(): Promise<void>;
}

export interface ContractSpec<Subject> {
  /** As people call it: 'Route 53'. */
  readonly system: string;
  readonly sandbox: () => Promise<Opened<Subject>>;
  /** How each referee that serves the system is opened; null where it doesn't run. */
  readonly referees: Partial<Record<Referee, (running: Running) => Promise<Opened<Subject> | null>>>;
  readonly assertions: readonly Assertion<Subject>[];
  /** How many assertions are under way together: more where most of the time is waiting for a server. One unless given. */
  readonly atOnce?: number;
}

/** One list of assertions about one system, and whom it can be held against. */
export interface Contract {
  readonly system: string;
  readonly subjects: readonly SubjectName[];
  readonly assertions: readonly Omit<Assertion<never>, 'holds'>[];
  readonly atOnce: number;
  /** Null where the referee doesn't run. `check` throws when the assertion does not hold. */
  open(subject: SubjectName, running: Running): Promise<{ check(title: string): Promise<void>; close(): Promise<void> } | null>;
}

/** Makes a contract. Throws when two assertions share a title, or one without a source has no referee to judge it. */
export function defineContract<Subject>({ system, sandbox, referees, assertions, atOnce = 1 }: ContractSpec<Subject>): Contract {
  const judges = Object.keys(referees) as Referee[];
  const titles = assertions.map(({ title }) => title);
  const twice = titles.find((title, index) => titles.indexOf(title) !== index);
  if (twice !== undefined) throw new TypeError(`${system}: two assertions say "${twice}"`);
  const unjudged = assertions.find(
    ({ source, deviations = {}, servedBy }) =>
      source === undefined && servedBy?.length !== 0 && (servedBy ?? judges).every((name) => deviations[name] !== undefined),
  );
  if (unjudged !== undefined) throw new TypeError(`${system}: "${unjudged.title}" has neither a referee that is right nor a source`);
  return {
    system,
    subjects: ['sandbox', ...judges],
    assertions,
    atOnce,
    async open(name, running) {
      const opened = name === 'sandbox' ? await sandbox() : ((await referees[name]?.(running)) ?? null);
      if (opened === null) return null;
      return {
        close: () => opened.close(),
        check: (title) => found(assertions, title).holds(opened.subject),
      };
    },
  };
}

function found<Subject>(assertions: readonly Assertion<Subject>[], title: string): Assertion<Subject> {
  const assertion = assertions.find((each) => each.title === title);
  if (assertion === undefined) throw new TypeError(`no assertion says "${title}"`);
  return assertion;
}
