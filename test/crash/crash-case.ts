import { rm } from 'node:fs/promises';
import { differenceText, type WorldDifference } from '../../scripts/drill/differences.ts';
import { unexplained } from '../../scripts/drill/exceptions.ts';
import { exitStatus } from '../../steps/kit/errors.ts';
import { openStage } from '../stages/open-stage.ts';
import type { Stage } from '../stages/record-stages.ts';
import type { ServedWorld, Speed } from '../stages/served-world.ts';
import { type Ended, planAndApprove, type Turn, takeWholeTurn } from '../stages/step-turn.ts';
import { applyAndKill } from './apply-and-kill.ts';
import { type KillPoint, killPointText, turnText } from './kill-point.ts';
import { deleteLost, LOST_REMEDY } from './lost-objects.ts';

/** One story: a step is killed, begun again (and killed again, as often as there are points), and at last let alone. */
export interface CrashCase {
  readonly stage: Stage;
  readonly kills: readonly KillPoint[];
  /** Whether what the step made is then taken back. */
  readonly undo: boolean;
  /** Whether a program that dies along may have made what nobody remembers: then the rerun may ask for a hand, in so many words. */
  readonly forgets: boolean;
}

export interface CrashResult extends Turn {
  /** Where it was killed, in words. */
  readonly where: string;
  /** Whether the first kill came in time. */
  readonly reached: boolean;
  readonly undone: boolean;
  /** Whether the rerun asked for a hand, and got it. */
  readonly byHand: boolean;
  /** What is not as it should be, a line each; empty where all is well. */
  readonly findings: readonly string[];
  readonly seconds: number;
}

export interface CrashPlace {
  /** A folder for this case alone; removed afterwards. */
  readonly folder: string;
  readonly speed: Speed;
  readonly root: string;
}

/** Lets a case happen in a copy of its stage, and judges how it ends. */
export async function crash(story: CrashCase, place: CrashPlace): Promise<CrashResult> {
  const { stage, kills, undo } = story;
  const started = Date.now();
  const where = kills.map(killPointText).join(', then ');
  const served = await openStage(stage, place);
  try {
    const { reached, byHand, findings } = await killAndRunAgain(served, story);
    const restored = undo && findings.length === 0 ? await takeBack(served, stage) : [];
    const all = [...findings, ...restored].map((found) => `${turnText(stage)} killed ${where}: ${found}`);
    const { step, direction } = stage;
    return { step, direction, where, reached, undone: undo, byHand, findings: all, seconds: (Date.now() - started) / 1000 };
  } finally {
    await served.stop();
    await rm(place.folder, { recursive: true, force: true });
  }
}

interface Killed {
  readonly reached: boolean;
  readonly byHand: boolean;
  readonly findings: readonly string[];
}

async function killAndRunAgain(served: ServedWorld, { stage, kills, forgets }: CrashCase): Promise<Killed> {
  let reached = false;
  for (const [index, point] of kills.entries()) {
    const unplanned = index > 0 ? await planAgain(served, stage) : [];
    if (unplanned.length > 0) return { reached, byHand: false, findings: unplanned };
    const killed = await applyAndKill(served, stage, point);
    if (index === 0) reached = killed.reached;
    const findings = forgets && asksForAHand(killed.ended) ? [] : failureOf('the apply', killed.ended);
    // It ended by itself, before the kill: then it must have ended well. A later kill often comes too late, as less is left to do, or
    // since the apply stops at what an earlier kill made a program forget.
    if (!killed.reached && findings.length > 0) return { reached, byHand: false, findings };
  }
  const { ended, byHand } = await runAgain(served, stage, forgets);
  const failure = failureOf('the rerun', ended);
  if (failure.length > 0) return { reached, byHand, findings: failure };
  const differences = await served.differencesOnceSettled(stage.after);
  return { reached, byHand, findings: differences.map((difference) => `not as after an undisturbed run: ${differenceText(difference)}`) };
}

/**
 * The whole turn once more. Where a killed program has forgotten what it made, the remedy is followed and the turn taken again; what
 * it forgot and nothing stumbled over, since AWS allows another of its kind, is deleted as well.
 */
async function runAgain({ place, running }: ServedWorld, turn: Turn, forgets: boolean): Promise<{ ended: Ended; byHand: boolean }> {
  const ended = await takeWholeTurn(place, turn);
  const asked = asksForAHand(ended);
  if (!forgets || !(asked || ended.status === 0)) return { ended, byHand: false };
  const byHand = deleteLost(running.sandbox).length > 0;
  return { ended: asked && byHand ? await takeWholeTurn(place, turn) : ended, byHand };
}

function asksForAHand({ status, said }: Ended): boolean {
  return status === exitStatus.conflict && said.includes(LOST_REMEDY);
}

async function planAgain({ place }: ServedWorld, stage: Stage): Promise<string[]> {
  if (stage.direction === 'forward' && stage.changes === 0) return [];
  const planned = await planAndApprove(place, stage);
  return 'failed' in planned ? failureOf('the second plan', planned.failed) : [];
}

async function takeBack(served: ServedWorld, stage: Stage): Promise<string[]> {
  const failure = failureOf('the undo', await takeWholeTurn(served.place, { step: stage.step, direction: 'undo' }));
  if (failure.length > 0) return failure;
  const differences = await served.differencesOnceSettled(stage.before, (found) =>
    unexplained(found).filter((each) => !isHistory(each) && !isDefinition(each)),
  );
  return differences.map((difference) => `not as before, once undone: ${differenceText(difference)}`);
}

/**
 * A merge can't be unmade: a step that merges, taken back alone, leaves the request of an earlier step merged and its branch gone. The
 * undo of that earlier step, which would come next, knows both.
 */
function isHistory({ path, before, after }: WorldDifference): boolean {
  if (/^gitlab > [^>]+ > mergeRequests > \d+ > state$/.test(path)) return before === 'opened' && after === 'merged';
  return /^gitlab > [^>]+ > branches > eks-dr\/[^>]+$/.test(path) && after === undefined;
}

/**
 * Argo CD deletes no CustomResourceDefinition with its application (`shouldBeDeleted` of its controller), lest all objects of the kind go
 * along. Those of add-ons go with the cluster, whose undo comes last.
 */
function isDefinition({ path, before }: WorldDifference): boolean {
  if (/^hidden > kubernetes > \S+ apiextensions\.k8s\.io\/customresourcedefinitions$/.test(path)) return true;
  return /^kubernetes > [^>]+ > apiextensions\.k8s\.io\/customresourcedefinitions( > [^>]+)?$/.test(path) && before === undefined;
}

function failureOf(what: string, { status, signal, said }: Ended): string[] {
  if (status === 0) return [];
  const lines = said.trim().split('\n').slice(-4).join(' | ');
  return [`${what} ended with ${signal ?? `exit status ${status}`}: ${lines}`];
}
