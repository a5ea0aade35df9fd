import { readRecord } from '../../pipeline/runner/folder.ts';
import { steps } from '../../steps/index.ts';
import { digestOf, type Json } from '../../steps/kit/json.ts';
import type { StepRecord } from '../../steps/kit/record.ts';
import { isReadOnly } from '../../steps/kit/step.ts';
import { preflight } from '../../steps/preflight.ts';
import type { Stage } from '../stages/record-stages.ts';
import type { FaultCase } from './cases.ts';

/** Where a phase ended ok in spite of a fault: how its plan or its outputs differ from those of an undisturbed run. */
export async function undisturbedFindings(
  run: string,
  { step: id, phase, direction }: FaultCase,
  stage: Stage,
  before: StepRecord | undefined,
): Promise<string[]> {
  const record = await readRecord(run, id);
  if (phase === 'plan') {
    return record?.plan?.digest === before?.plan?.digest ? [] : ['the plan is not the one of an undisturbed run'];
  }
  const step = steps.find((each) => each.id === id);
  // What a step made bears ids that no two runs share; what it only saw is the same. Preflight tells of a fault in its findings.
  if (direction === 'undo' || step === undefined || !isReadOnly(step) || id === preflight.id) return [];
  const wanted = digestOf((step.significant?.(stage.outputs as never) ?? stage.outputs) as Json);
  return record?.outputsDigest === wanted ? [] : ['the outputs are not those of an undisturbed run'];
}
