import { asEksDrError, EksDrError } from './errors.ts';
import { lastAttempt, type PhaseInput, type Sink, tiesOf } from './phase.ts';
import { predecessors } from './predecessors.ts';
import { type StepRecord, sealRecord } from './record.ts';
import { redactWithin } from './redaction.ts';
import { outputsDigestOf, verifyRecords } from './staleness.ts';

export type Draft = Omit<StepRecord, 'digest'>;

/** Work on a record. `begin` stores how far it has come, so that a crash or an error leaves the truth behind. */
export type Work = (draft: Draft, begin: (draft: Draft) => Promise<void>) => Promise<Draft>;

/** Runs a phase between two records: what was before, and what became of it. Rethrows what the work throws. */
export async function recorded<E, C>(input: PhaseInput<E, C>, phase: StepRecord['phase'], sink: Sink, work: Work): Promise<StepRecord> {
  refuseForeign(input);
  if (input.direction === 'forward') verifyNeeds(input);
  const startedMs = input.clock.now();
  const seal = (draft: Draft): StepRecord => {
    const timing = { ...draft.timing, finishedAt: input.clock.timestamp(), seconds: (input.clock.now() - startedMs) / 1000 };
    return sealRecord(withoutSecrets({ ...draft, timing }, input));
  };
  let latest = firstDraft(input, phase);
  const begin = async (draft: Draft): Promise<void> => {
    latest = draft;
    await sink.record(sealRecord(withoutSecrets(draft, input)));
  };
  try {
    const done = seal(await work(latest, begin));
    await sink.record(done);
    return done;
  } catch (thrown) {
    const error = asEksDrError(thrown);
    // What is refused before any work began must not replace the record of work that was done.
    const refused = error.category === 'usage' || error.category === 'stale';
    if (!refused) {
      await sink.record(seal({ ...latest, status: error.category === 'interrupted' ? 'interrupted' : 'failed', error: error.toRecord() }));
    }
    throw error;
  }
}

function firstDraft<E, C>(input: PhaseInput<E, C>, phase: StepRecord['phase']): Draft {
  const { step, direction, documents, clock, tool } = input;
  const previous = documents.records[step.id];
  return {
    schema: 1,
    run: documents.run.id,
    step: step.id,
    phase,
    direction,
    status: 'failed',
    plan: null,
    approvalNeed: null,
    approval: null,
    applied: previous?.applied ?? [],
    completed: previous?.completed ?? [],
    outputs: previous?.outputs ?? null,
    outputsDigest: outputsDigestOf(previous),
    ...tiesOf(input),
    error: null,
    timing: { startedAt: clock.timestamp(), finishedAt: null, seconds: 0, completedAt: previous?.timing.completedAt ?? null },
    attempt: lastAttempt(documents, step.id),
    tool,
  };
}

function refuseForeign<E, C>({ step, documents }: PhaseInput<E, C>): void {
  const target = `${step.id}.record.json`;
  const previous = documents.records[step.id];
  const plan = documents.plans.find((entry) => entry.step === step.id && entry.run !== documents.run.id);
  const foreign = previous !== undefined && previous.run !== documents.run.id ? previous.run : plan?.run;
  if (foreign === undefined) return;
  throw new EksDrError('record-foreign', {
    message: `The records of ${step.id} are of run ${foreign}, not of ${documents.run.id}.`,
    target,
  });
}

function verifyNeeds<E, C>({ step, documents, estate }: PhaseInput<E, C>): void {
  verifyRecords(predecessors(step, documents.run.mode), documents.records, estate, documents.run.id);
}

/** What remote systems said stands in errors, and in the outputs of steps that tell about them. */
function withoutSecrets<E, C>(draft: Draft, { secrets }: PhaseInput<E, C>): Draft {
  const redact = (text: string): string => secrets.redact(text);
  return { ...draft, error: redactWithin(draft.error, redact), outputs: redactWithin(draft.outputs, redact) };
}
