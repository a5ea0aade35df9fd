import { EksDrError } from '../steps/kit/errors.ts';
import type { Run } from '../steps/kit/run.ts';
import { takesPart, type UndoScope } from '../steps/kit/step.ts';
import { didYouMean } from './estate/suggest.ts';

/** What the graph must know of a step; every step is one. */
export interface GraphStep {
  readonly id: string;
  readonly needs: Readonly<Record<string, { readonly id: string }>>;
  readonly after?: readonly { readonly id: string }[] | undefined;
  readonly modes?: readonly Run['mode'][] | undefined;
  readonly undoScope?: UndoScope | undefined;
}

export interface GraphNode<S extends GraphStep> {
  readonly id: string;
  readonly step: S;
  /** Steps of the graph that must have ended before, straight or through steps that are not in it. In the order of the list. */
  readonly waitsFor: readonly string[];
  /** Steps of one wave do not depend on each other. Counts from 0. */
  readonly wave: number;
}

export interface GraphOptions {
  readonly mode: Run['mode'];
  /** Only this step and what it depends on. */
  readonly until?: string | undefined;
}

/**
 * The steps that have a part in this mode, each with what it waits for, ordered by wave and then as listed.
 * Throws `bug` on a cycle, a step that stands twice or is missing from the list, or outputs of a step that has no part; `bad-usage` on an unknown `until`.
 */
export function buildGraph<S extends GraphStep>(steps: readonly S[], options: GraphOptions): readonly GraphNode<S>[] {
  const byId = index(steps);
  refuseCycles(steps, byId);
  const taking = steps.filter((step) => takesPart(step, options.mode));
  refuseMissingNeeds(taking, options.mode);
  const present = new Set(taking.map(({ id }) => id));
  const waitsFor = new Map(taking.map((step) => [step.id, contracted(step, byId, present)]));
  const wanted = options.until === undefined ? present : upTo(options.until, waitsFor, taking);
  return taking
    .filter(({ id }) => wanted.has(id))
    .map((step) => {
      const before = waitsFor.get(step.id) ?? new Set<string>();
      return { id: step.id, step, waitsFor: steps.map(({ id }) => id).filter((id) => before.has(id)), wave: waveOf(step.id, waitsFor) };
    })
    .toSorted((a, b) => a.wave - b.wave);
}

/** The waves in order: each a list of steps that may run at once. */
export function wavesOf<S extends GraphStep>(graph: readonly GraphNode<S>[]): readonly (readonly GraphNode<S>[])[] {
  const waves: GraphNode<S>[][] = [];
  for (const node of graph) {
    const wave = waves[node.wave];
    if (wave === undefined) waves[node.wave] = [node];
    else wave.push(node);
  }
  return waves.filter((wave) => wave !== undefined);
}

/** The same graph walked backwards: each step waits for those that waited for it. */
export function reversed<S extends GraphStep>(graph: readonly GraphNode<S>[]): readonly GraphNode<S>[] {
  const last = Math.max(0, ...graph.map(({ wave }) => wave));
  return graph
    .map((node) => ({
      ...node,
      waitsFor: graph.filter(({ waitsFor }) => waitsFor.includes(node.id)).map(({ id }) => id),
      wave: last - node.wave,
    }))
    .toReversed();
}

/** Only the steps of a scope; each waits for those of them that it waited for, straight or through others. */
export function scoped<S extends GraphStep>(graph: readonly GraphNode<S>[], scope: UndoScope): readonly GraphNode<S>[] {
  const byId = new Map(graph.map((node) => [node.id, node]));
  const inScope = (id: string): boolean => byId.get(id)?.step.undoScope === scope;
  const reached = (id: string): string[] =>
    (byId.get(id)?.waitsFor ?? []).flatMap((before) => (inScope(before) ? [before] : reached(before)));
  return graph.filter(({ id }) => inScope(id)).map((node) => ({ ...node, waitsFor: [...new Set(reached(node.id))] }));
}

function index<S extends GraphStep>(steps: readonly S[]): ReadonlyMap<string, S> {
  const byId = new Map<string, S>();
  for (const step of steps) {
    if (byId.has(step.id)) throw new EksDrError('bug', { message: `The step ${step.id} is listed twice.` });
    byId.set(step.id, step);
  }
  return byId;
}

function dependencies(step: GraphStep): readonly string[] {
  return [...new Set([...Object.values(step.needs), ...(step.after ?? [])].map(({ id }) => id))];
}

function refuseCycles(steps: readonly GraphStep[], byId: ReadonlyMap<string, GraphStep>): void {
  const finished = new Set<string>();
  const visit = (id: string, path: readonly string[]): void => {
    if (finished.has(id)) return;
    if (path.includes(id)) {
      throw new EksDrError('bug', {
        message: `The steps wait for each other in a circle: ${[...path.slice(path.indexOf(id)), id].join(' -> ')}.`,
      });
    }
    const step = byId.get(id);
    if (step === undefined) throw new EksDrError('bug', { message: `${path.at(-1)} waits for ${id}, which is not in the list of steps.` });
    for (const before of dependencies(step)) visit(before, [...path, id]);
    finished.add(id);
  };
  for (const { id } of steps) visit(id, []);
}

// Order may pass through a step that has no part in this mode; outputs may not.
function refuseMissingNeeds(taking: readonly GraphStep[], mode: Run['mode']): void {
  const present = new Set(taking.map(({ id }) => id));
  for (const step of taking) {
    const missing = Object.values(step.needs).find(({ id }) => !present.has(id));
    if (missing !== undefined)
      throw new EksDrError('bug', { message: `${step.id} uses outputs of ${missing.id}, which has no part in mode ${mode}.` });
  }
}

function contracted(step: GraphStep, byId: ReadonlyMap<string, GraphStep>, present: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (from: GraphStep): void => {
    for (const id of dependencies(from)) {
      const before = byId.get(id);
      if (present.has(id)) found.add(id);
      else if (before !== undefined) visit(before);
    }
  };
  visit(step);
  return found;
}

function upTo(until: string, waitsFor: ReadonlyMap<string, ReadonlySet<string>>, taking: readonly GraphStep[]): ReadonlySet<string> {
  if (!waitsFor.has(until)) {
    const known = taking.map(({ id }) => id);
    throw new EksDrError('bad-usage', {
      message: `There is no step "${until}" here (${didYouMean(until, known) ?? `steps: ${known.join(', ')}`}).`,
      target: '--until',
    });
  }
  const wanted = new Set<string>();
  const visit = (id: string): void => {
    if (wanted.has(id)) return;
    wanted.add(id);
    for (const before of waitsFor.get(id) ?? []) visit(before);
  };
  visit(until);
  return wanted;
}

function waveOf(id: string, waitsFor: ReadonlyMap<string, ReadonlySet<string>>): number {
  const before = [...(waitsFor.get(id) ?? [])];
  return before.length === 0 ? 0 : 1 + Math.max(...before.map((other) => waveOf(other, waitsFor)));
}
