import { isReadOnly, takesPart, type UndoScope, undoScopes } from '../../steps/kit/step.ts';
import { buildGraph, type GraphStep, wavesOf } from '../graph.ts';

/** What the generator must know of a step; every step is one. */
export interface JenkinsStep extends GraphStep {
  readonly title: string;
  /** A step without any changes nothing. */
  readonly drivers: readonly unknown[];
}

/** What the job can be started for. A preparation is made on a quiet day, by `eks-dr prepare`. */
const jobModes = ['drill', 'recover'] as const;

/** In which modes of the job a step is to be skipped in the others; none: it has a part in all of them. */
export function onlyIn(step: GraphStep): readonly (typeof jobModes)[number][] {
  const modes = jobModes.filter((mode) => takesPart(step, mode));
  return modes.length === jobModes.length ? [] : modes;
}

/** The scopes of an undo to which a step does not belong. */
export function otherScopes({ undoScope }: GraphStep): readonly UndoScope[] {
  return undoScopes.filter((scope) => scope !== undoScope);
}

/** The steps of all modes of the job in waves: those of one wave do not depend on each other. Throws `bug` on a cycle. */
export function stepWaves(steps: readonly JenkinsStep[]): readonly (readonly JenkinsStep[])[] {
  // One Jenkinsfile serves both modes, so a step of one mode only still has its place; `when` skips it in the other.
  const allModes = steps.filter((step) => jobModes.some((mode) => takesPart(step, mode))).map(({ modes: _, ...step }) => step);
  const original = new Map(steps.map((step) => [step.id, step]));
  return wavesOf(buildGraph(allModes, { mode: 'recover' })).map((wave) => wave.map(({ id, step }) => original.get(id) ?? step));
}

/** The waves up to where the first step changes something: what can run every night. */
export function readOnlyWaves(steps: readonly JenkinsStep[]): readonly (readonly JenkinsStep[])[] {
  const harmless = new Set<string>();
  for (const step of stepWaves(steps).flat()) {
    const before = [...Object.values(step.needs), ...(step.after ?? [])];
    if (isReadOnly(step) && before.every(({ id }) => harmless.has(id))) harmless.add(step.id);
  }
  return stepWaves(steps)
    .map((wave) => wave.filter(({ id }) => harmless.has(id)))
    .filter((wave) => wave.length > 0);
}

/** The steps that change something, last ones first: the order of an undo. */
export function undoWaves(steps: readonly JenkinsStep[]): readonly (readonly JenkinsStep[])[] {
  return stepWaves(steps)
    .map((wave) => wave.filter((step) => !isReadOnly(step)))
    .filter((wave) => wave.length > 0)
    .toReversed();
}
