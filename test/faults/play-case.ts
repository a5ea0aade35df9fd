import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { readRecord } from '../../pipeline/runner/folder.ts';
import type { FaultRule } from '../../sandbox/faults.ts';
import { differenceText } from '../../scripts/drill/differences.ts';
import type { StepRecord } from '../../steps/kit/record.ts';
import { openStage } from '../stages/open-stage.ts';
import type { Stage } from '../stages/record-stages.ts';
import type { ServedWorld, Speed } from '../stages/served-world.ts';
import { takeWholeTurn } from '../stages/step-turn.ts';
import type { FaultCase } from './cases.ts';
import { answerSeconds, type Ending, type Fault, type Format, mayLeaveStray, rightEndings, tellsOnly } from './fault-list.ts';
import { folderFindings } from './folder-findings.ts';
import { endingOf, lastWords, phaseWithin } from './phase-within.ts';
import { saidFindings } from './said-findings.ts';
import { undisturbedFindings } from './undisturbed-findings.ts';

export interface FaultResult extends FaultCase {
  /** How the phase with the fault ended; `hang`: it had to be killed. */
  readonly ending: Ending | 'hang' | 'unknown';
  /** What is not as it should be, a line each; empty where all is well. */
  readonly findings: readonly string[];
  readonly seconds: number;
}

export interface PlayOptions {
  /** A folder for this case alone; removed afterwards. */
  readonly folder: string;
  readonly root: string;
  readonly speed: Speed;
}

/** Lets a fault happen in a copy of its stage, judges how the phase ends, and runs the step again without the fault. */
export async function play(each: FaultCase, fault: Fault, stage: Stage, options: PlayOptions): Promise<FaultResult> {
  const started = Date.now();
  const served = await openStage(stage, options);
  const { running } = served;
  const environment = { ...served.place.environment, EKS_DR_ANSWER_SECONDS: String(answerSeconds(fault)) };
  const place = { ...served.place, environment };
  try {
    const before = await readRecord(place.run, each.step);
    running.requests.clear();
    const rule = running.faults.add(ruleOf(each, fault));
    const ended = await phaseWithin(place, each, each.phase);
    const met = rule.applied;
    running.faults.clear();
    if (fault.name === 'late') await everyRequestHandled(served, answerSeconds(fault));

    const ending = endingOf(ended);
    const wanted = rightEndings(each, fault);
    const context = { each, ending, environment };
    const findings = [
      ...(met === 0 && !tellsOnly(each) ? ['the fault met no request'] : []),
      ...(wanted.some((right) => right === ending) ? [] : [`it ended ${ending}, not ${wanted.join(' or ')}: ${lastWords(ended)}`]),
      ...saidFindings(ended.said, fault, context),
      ...(await folderFindings(place.run, context)),
      ...(mayLeaveStray(each, fault) ? [] : await thenFindings({ ...served, place }, each, { stage, before, ending })),
    ];
    return { ...each, ending, findings, seconds: (Date.now() - started) / 1000 };
  } finally {
    await served.stop();
    await rm(options.folder, { recursive: true, force: true });
  }
}

function ruleOf({ system, operation, nth }: FaultCase, { lasts, effect }: Fault): FaultRule {
  return { system, operation, nth, times: lasts ? 'always' : 1, effect: effect(formatOf(system)) };
}

function formatOf(system: string): Format {
  return ['cloudfront', 'ec2', 'elb', 'iam', 'route53', 's3', 'sts'].includes(system) ? 'xml' : 'json';
}

async function everyRequestHandled({ running }: ServedWorld, seconds: number): Promise<void> {
  const until = Date.now() + 2_000 * seconds;
  while (Date.now() < until && running.requests.list().some(({ status }) => status === null)) await delay(20);
}

interface Then {
  readonly stage: Stage;
  readonly before: StepRecord | undefined;
  readonly ending: FaultResult['ending'];
}

/** What ended ok did all of it; what did not goes on where it stopped. A program may leave a lock behind, for the next plan to break. */
async function thenFindings(served: ServedWorld, each: FaultCase, { stage, before, ending }: Then): Promise<string[]> {
  const { place } = served;
  const isDone = ending === 'ok' && !(each.phase === 'plan' && each.by === 'program');
  if (isDone) {
    // After a plan alone the world is as it was.
    const wanted = each.phase === 'plan' ? stage.before : stage.after;
    const told = tellsOnly(each) ? [] : await undisturbedFindings(place.run, each, stage, before);
    return [...told, ...(await worldFindings(served, wanted))];
  }
  const again = await takeWholeTurn(place, each);
  const failed = again.status === 0 ? [] : [`run again without the fault, it ended ${endingOf(again)}: ${lastWords(again)}`];
  return [...failed, ...(await worldFindings(served, stage.after))];
}

async function worldFindings(served: ServedWorld, wanted: unknown): Promise<string[]> {
  const differences = await served.differencesOnceSettled(wanted);
  return differences.slice(0, 5).map((difference) => `not as after an undisturbed run: ${differenceText(difference)}`);
}
