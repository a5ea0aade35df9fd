import { type Diagnostic, errorText } from './failure.ts';
import type { ProviderContext } from './kinds.ts';
import type { Output } from './output.ts';
import { contextFor, type Plan, type PlannedChange } from './plan.ts';
import { followOperation } from './progress.ts';
import type { Settings } from './settings.ts';
import { kinds, outputsFor, referenceIn, type StackResource, stackFor } from './stack.ts';
import { type Held, instancesOf, putInstance, type State } from './state.ts';
import { type Attributes, knownPart, typeOf, unknown, type Value } from './values.ts';

interface ApplyOptions {
  readonly settings: Settings;
  readonly plan: Plan;
  /** Changed as the work goes on. */
  readonly state: State;
  readonly declaredOutputs: readonly string[];
  readonly output: Output;
  /** Aborted by an interrupt: the provider gives up what it waits for, nothing new is begun. */
  readonly signal: AbortSignal;
  /** Called after each change of the state. */
  changed(): Promise<void>;
}

interface Work {
  readonly options: ApplyOptions;
  readonly context: ProviderContext;
  readonly stack: ReadonlyMap<string, StackResource>;
  readonly problems: Diagnostic[];
  readonly done: { add: number; change: number; remove: number };
}

function store(work: Work, held: Held): void {
  putInstance(work.options.state, held);
}

function heldOf(change: PlannedChange, attributes: Attributes, dependencies: readonly string[], tainted: boolean): Held {
  const { address, type, name, index } = change;
  return { address, type, name, ...(index === undefined ? {} : { index }), attributes, dependencies, tainted };
}

async function attempt(
  work: Work,
  change: PlannedChange,
  operation: 'create' | 'update' | 'delete',
  act: () => Promise<Attributes | null>,
): Promise<boolean> {
  const { output, settings } = work.options;
  const before = operation === 'create' ? undefined : change.before?.id;
  const progress = followOperation(output, settings, change, operation, before);
  try {
    const attributes = await act();
    progress.done(attributes?.id);
    return true;
  } catch (error) {
    progress.failed();
    const verb = { create: 'creating', update: 'updating', delete: 'deleting' }[operation];
    const id = change.before?.id ?? change.after?.name ?? '';
    const isService = typeof error === 'object' && error !== null && '$metadata' in error;
    const words = isService ? `operation error: ${errorText(error)}` : (error as Error).message;
    work.problems.push({
      severity: 'error',
      summary: `${verb} ${kinds[change.type]?.noun} (${id}): ${words}`,
      detail: '',
      address: change.address,
    });
    return false;
  }
}

async function remove(work: Work, change: PlannedChange): Promise<boolean> {
  const held = change.before;
  const ok = await attempt(work, change, 'delete', async () => {
    if (held) await kinds[change.type]?.remove(held, work.context);
    return null;
  });
  if (!ok) return false;
  const { address, type, name, index } = change;
  putInstance(work.options.state, { address, type, name, ...(index === undefined ? {} : { index }), gone: true });
  work.done.remove += 1;
  await work.options.changed();
  return true;
}

async function put(work: Work, change: PlannedChange, operation: 'create' | 'update'): Promise<boolean> {
  const { state } = work.options;
  const resource = work.stack.get(change.address);
  const kind = kinds[change.type];
  if (!resource || !kind) return false;
  const wanted = knownPart(resource.wanted(referenceIn(instancesOf(state), new Set())));
  const keep = (attributes: Attributes, tainted: boolean): void => store(work, heldOf(change, attributes, resource.dependsOn, tainted));
  let id: Value | undefined;
  const ok = await attempt(work, change, operation, async () => {
    const attributes =
      operation === 'create'
        ? await kind.create(wanted, work.context, (born) => {
            id = born.id;
          })
        : await kind.update(change.before ?? {}, wanted, work.context);
    keep(attributes, false);
    return attributes;
  });
  // A provider that fails after it has set the id gives back what the configuration says: nothing of it was read yet.
  if (!ok && id !== undefined) keep({ ...wanted, id }, true);
  if (ok) work.done[operation === 'create' ? 'add' : 'change'] += 1;
  await work.options.changed();
  return ok;
}

/** Runs each task once those it waits for have succeeded; tasks behind a failure or an interrupt are left out. */
async function inOrder(
  tasks: ReadonlyMap<string, { readonly after: readonly string[]; run(): Promise<boolean> }>,
  signal: AbortSignal,
): Promise<void> {
  const started = new Map<string, Promise<boolean>>();
  const start = (address: string): Promise<boolean> => {
    const existing = started.get(address);
    if (existing) return existing;
    const task = tasks.get(address);
    const running = (async () => {
      if (!task) return true;
      const ready = await Promise.all(task.after.map(start));
      return ready.every(Boolean) && !signal.aborted && (await task.run());
    })();
    started.set(address, running);
    return running;
  };
  await Promise.all([...tasks.keys()].map(start));
}

async function removals(work: Work): Promise<void> {
  const { plan, state, signal } = work.options;
  const gone = plan.changes.filter(({ actions }) => actions.includes('delete'));
  const dependents = (address: string): string[] =>
    [...instancesOf(state).values()].filter(({ dependencies }) => dependencies.includes(address)).map((held) => held.address);
  const going = new Set(gone.map(({ address }) => address));
  const tasks = gone.map((change) => {
    const after = dependents(change.address).filter((address) => going.has(address));
    return [change.address, { after, run: () => remove(work, change) }] as const;
  });
  await inOrder(new Map(tasks), signal);
}

async function additions(work: Work): Promise<void> {
  const { plan, signal } = work.options;
  const failed = new Set(work.problems.map(({ address }) => address));
  const wanted = plan.changes.filter(
    ({ actions, address }) => (actions.includes('create') || actions.includes('update')) && !failed.has(address),
  );
  const tasks = wanted.map((change) => {
    const after = work.stack.get(change.address)?.dependsOn ?? [];
    const operation = change.actions.includes('create') ? 'create' : 'update';
    return [change.address, { after, run: () => put(work, change, operation) }] as const;
  });
  await inOrder(new Map(tasks), signal);
}

function setOutputs({ options, problems }: Work): void {
  const { plan, state, declaredOutputs, signal } = options;
  if (plan.destroy) {
    if (instancesOf(state).size === 0) state.outputs = {};
    return;
  }
  if (problems.length > 0 || signal.aborted) return;
  const values = outputsFor(plan.variables, referenceIn(instancesOf(state), new Set()));
  const entries = Object.entries(values).flatMap(([name, value]) => {
    if (value === unknown || !declaredOutputs.includes(name)) return [];
    return [[name, { value, type: typeOf(value) }] as const];
  });
  state.outputs = Object.fromEntries(entries);
}

export interface Applied {
  readonly problems: readonly Diagnostic[];
  readonly counts: { readonly add: number; readonly change: number; readonly remove: number };
}

/** Does what the plan says, in the order of the dependencies, and keeps the state up to date. */
export async function applyPlan(options: ApplyOptions): Promise<Applied> {
  const { settings, plan, state, signal } = options;
  // The state takes over what the plan has seen.
  const seen = new Map(plan.refreshed.map((held) => [held.address, held]));
  for (const held of instancesOf(state).values()) {
    const { address, type, name, index } = held;
    putInstance(state, seen.get(address) ?? { address, type, name, ...(index === undefined ? {} : { index }), gone: true });
  }
  const work: Work = {
    options,
    context: contextFor(settings, plan.variables, signal),
    stack: new Map(stackFor(plan.variables).map((resource) => [resource.address, resource])),
    problems: [],
    done: { add: 0, change: 0, remove: 0 },
  };
  await removals(work);
  await additions(work);
  setOutputs(work);
  return { problems: work.problems, counts: work.done };
}
