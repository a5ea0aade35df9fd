import pLimit from 'p-limit';
import type { Driver, Look } from './driver.ts';
import type { Engine } from './engine.ts';
import { asEksDrError, EksDrError, gather } from './errors.ts';
import { guard } from './guard.ts';
import { canonicalJson, type Json } from './json.ts';
import { groupBy, keyOf } from './keys.ts';
import { type PlanItem, type PlanItems, waves } from './plan.ts';
import { type Change, changeVerb, isWait } from './resource.ts';
import { brief } from './text.ts';
import { runWait, throwIfInterrupted } from './waiting.ts';

/** How often a write is tried again when the system fails or another writer gets in between, each time after looking again. */
const WRITE_TRIES = 4;

/**
 * Applies a plan, wave by wave, and nothing else. Each target is read again: as planned to: done; as planned from: written,
 * then read until it shows; anything else is drift and stays as it is. Safe to repeat from any point.
 */
export async function applyPlan<C>(engine: Engine<C>, items: PlanItems): Promise<void> {
  for (const wave of waves(items)) await applyWave(engine, wave);
}

/** A wave runs to its end; the errors of all its items are gathered. */
async function applyWave<C>(engine: Engine<C>, wave: readonly PlanItem[]): Promise<void> {
  const changes = wave.filter((item): item is Change => !isWait(item));
  const work = [...groupBy(changes, ({ kind }) => kind)].map(([kind, members]) => applyKind(engine, engine.driver(kind), members));
  const waits = wave.filter(isWait).map((wait) => runWait(engine, wait));
  throwGathered(await Promise.allSettled([...work, ...waits]));
}

interface Target {
  readonly change: Change;
  readonly look: Look;
}

async function applyKind<C>(engine: Engine<C>, driver: Driver<C>, changes: readonly Change[]): Promise<void> {
  const targets = await lookAt(engine, driver, changes);
  guardTargets(engine, driver, targets);
  const limit = pLimit(driver.concurrency);
  throwGathered(await Promise.allSettled(units(driver, targets).map((unit) => limit(() => applyUnit(engine, driver, unit)))));
}

/** What one write carries: a single change, or a group (all of which is stopped by drift in any of its members). */
function units<C>(driver: Driver<C>, targets: readonly Target[]): Target[][] {
  return [...groupBy(targets, ({ change }) => driver.group(change.id) ?? keyOf(change)).values()];
}

async function applyUnit<C>(engine: Engine<C>, driver: Driver<C>, unit: readonly Target[]): Promise<void> {
  throwIfInterrupted(engine.signal);
  refuseDrift(driver, unit);
  const open = unit.filter(({ look }) => look.at === 'before');
  for (let start = 0; start < open.length; start += driver.batch) {
    if (start > 0) throwIfInterrupted(engine.signal);
    await writeBatch(engine, driver, open.slice(start, start + driver.batch));
  }
}

async function writeBatch<C>(engine: Engine<C>, driver: Driver<C>, batch: readonly Target[]): Promise<void> {
  let open = batch;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await driver.write(
        engine.clients,
        open.map(({ change, look }) => ({ id: change.id, before: change.before, after: change.after, observed: look.observed })),
      );
      break;
    } catch (thrown) {
      const error = asEksDrError(thrown);
      if (error.category !== 'conflict' && error.category !== 'unavailable') throw error;
      // The write may have happened all the same, or somebody else's did: only a fresh look tells.
      const again = await lookAt(
        engine,
        driver,
        open.map(({ change }) => change),
      );
      guardTargets(engine, driver, again);
      refuseDrift(driver, again);
      open = again.filter(({ look }) => look.at === 'before');
      if (open.length === 0) break;
      if (attempt >= WRITE_TRIES) throw error;
      engine.log.warn(`${error.message} Trying again (${attempt} of ${WRITE_TRIES - 1}).`);
      await engine.clock.sleep(2 ** attempt, engine.signal);
    }
  }
  await untilVisible(engine, driver, batch);
  for (const { change } of batch) engine.log.info(`${pastTense[changeVerb(change)]} ${driver.noun} ${driver.label(change.id)}`);
}

async function untilVisible<C>(engine: Engine<C>, driver: Driver<C>, batch: readonly Target[]): Promise<void> {
  const deadline = engine.clock.now() + driver.visibleWithinSeconds * 1000;
  for (let pause = 0.25; ; pause = Math.min(pause * 2, 5)) {
    const hidden = (
      await lookAt(
        engine,
        driver,
        batch.map(({ change }) => change),
      )
    ).filter(({ look }) => look.at !== 'after');
    if (hidden.length === 0) return;
    if (engine.clock.now() >= deadline) {
      const labels = hidden.map(({ change }) => driver.label(change.id)).join(', ');
      throw new EksDrError('not-visible-yet', {
        message: `${driver.noun} ${labels}: written, but not to be seen within ${driver.visibleWithinSeconds} s (found ${stateText(hidden[0]?.look.now ?? null)}).`,
        target: `${driver.kind} ${labels}`,
      });
    }
    await engine.clock.sleep(pause, engine.signal);
  }
}

async function lookAt<C>(engine: Engine<C>, driver: Driver<C>, changes: readonly Change[]): Promise<Target[]> {
  const looks = await driver.look(engine.clients, changes);
  return changes.map((change, index) => {
    const look = looks[index];
    if (look === undefined) throw new TypeError(`${driver.kind} answered ${looks.length} of ${changes.length} changes`);
    return { change, look };
  });
}

function guardTargets<C>(engine: Engine<C>, driver: Driver<C>, targets: readonly Target[]): void {
  const open = targets.filter(({ look }) => look.at !== 'after' && !isGone(look));
  guard(
    engine.run,
    engine.direction,
    open.map(({ change, look }) => ({ change, owner: look.observed.owner, label: driver.label(change.id) })),
  );
}

/** Somebody removed what was to be changed: that is drift. There is nothing left that could be anybody's. */
function isGone({ at, now, observed }: Look): boolean {
  return at === 'elsewhere' && now === null && observed.owner.kind === 'nobody';
}

function refuseDrift<C>(driver: Driver<C>, targets: readonly Target[]): void {
  const drifted = targets.filter(({ look }) => look.at === 'elsewhere');
  if (drifted.length > 0) throw gather(drifted.map(({ change, look }) => drift(driver, change, look)));
}

function drift<C>(driver: Driver<C>, change: Change, look: Look): EksDrError {
  const label = driver.label(change.id);
  return new EksDrError('drift', {
    message: `${driver.noun} ${label} has changed since it was planned; nothing was overwritten. Planned from ${stateText(change.before)} to ${stateText(change.after)}; found ${stateText(look.now)}.`,
    target: `${driver.kind} ${label}`,
  });
}

const pastTense = { create: 'created', update: 'updated', delete: 'deleted' } as const;

/** A state in one line of a message. */
function stateText(state: Json): string {
  if (state === null) return 'nothing';
  return brief(canonicalJson(state));
}

function throwGathered(results: readonly PromiseSettledResult<unknown>[]): void {
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [asEksDrError(result.reason)] : []));
  if (errors.length > 0) throw gather(errors);
}
