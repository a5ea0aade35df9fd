import { applyPlan } from '../../steps/kit/applying.ts';
import type { Driver } from '../../steps/kit/driver.ts';
import type { Engine } from '../../steps/kit/engine.ts';
import type { PlanItem } from '../../steps/kit/plan.ts';
import { planDescription } from '../../steps/kit/planning.ts';
import { type Change, type Description, isWait } from '../../steps/kit/resource.ts';
import { planUndo } from '../../steps/kit/undo.ts';
import type { WaitDefinition } from '../../steps/kit/wait.ts';
import type { contextOf } from './context.ts';

/** A step, as far as walking it needs. */
export interface Walkable {
  readonly drivers: readonly Driver<never>[];
  readonly waits: readonly WaitDefinition<never>[];
  describe?(context: never): Promise<Description> | Description;
}

type Context = ReturnType<typeof contextOf>;

/** Plans a step with the real engine. */
export async function planStep(step: Walkable, context: Context): Promise<PlanItem[][]> {
  return planDescription(engineOf(step, context, 'forward'), (await step.describe?.(context as never)) ?? []);
}

export function applyStep(step: Walkable, context: Context, items: PlanItem[][]): Promise<void> {
  return applyPlan(engineOf(step, context, 'forward'), items);
}

/** Plans and applies the way back of a plan. */
export async function undoStep(step: Walkable, context: Context, items: readonly PlanItem[][]): Promise<void> {
  const engine = engineOf(step, context, 'undo');
  const back = await planUndo(
    engine,
    items.map((wave) => wave.filter((item): item is Change => !isWait(item))),
  );
  await applyPlan(engine, back.items);
}

export function changesIn(items: readonly PlanItem[][]): Change[] {
  return items.flat().filter((item): item is Change => !isWait(item));
}

export function waitsIn(items: readonly PlanItem[][]): string[] {
  return items.flat().flatMap((item) => (isWait(item) ? [item.wait] : []));
}

function engineOf(step: Walkable, { run, clients, clock, log, signal }: Context, direction: 'forward' | 'undo'): Engine<never> {
  return {
    run,
    direction,
    clients,
    clock,
    log,
    signal,
    driver: (kind) => found(step.drivers, (driver) => driver.kind === kind, kind),
    wait: (name) => found(step.waits, (wait) => wait.wait === name, name),
  };
}

function found<T>(list: readonly T[], matches: (item: T) => boolean, name: string): T {
  const item = list.find(matches);
  if (item === undefined) throw new Error(`the step does not declare ${name}`);
  return item;
}
