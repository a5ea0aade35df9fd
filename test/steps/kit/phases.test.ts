import { expect } from 'chai';
import * as z from 'zod';
import { applyPhase } from '../../../steps/kit/apply-phase.ts';
import type { Approval } from '../../../steps/kit/approval.ts';
import type { Documents } from '../../../steps/kit/documents.ts';
import { EksDrError } from '../../../steps/kit/errors.ts';
import type { PhaseInput, Sink } from '../../../steps/kit/phase.ts';
import { planPhase } from '../../../steps/kit/plan-phase.ts';
import { type StepRecord, sealRecord } from '../../../steps/kit/record.ts';
import { createSecrets } from '../../../steps/kit/secrets.ts';
import type { AnyStep, StepSpec } from '../../../steps/kit/step.ts';
import { failure } from '../../failure.ts';
import { createMemoryWorld, exists, fastClock, type MemoryWorld, silentLog, thing, valuesOf } from './memory-world.ts';

interface Settings {
  readonly names: readonly string[];
  readonly elsewhere: string;
}

type TestStep = AnyStep<Settings, MemoryWorld>;

const gather: StepSpec<Settings, MemoryWorld, Record<never, never>, 'names', { found: string[] }> = {
  id: 'gather',
  title: 'Gather',
  needs: {},
  reads: ['names'],
  outputs: z.object({ found: z.array(z.string()) }),
  drivers: [],
  waits: [],
  checks: [],
  finish: ({ estate }) => ({ found: [...estate.names] }),
};

const build: StepSpec<Settings, MemoryWorld, { gathered: typeof gather }, never, { count: number }> = {
  id: 'build',
  title: 'Build',
  needs: { gathered: gather },
  reads: [],
  outputs: z.object({ count: z.number() }),
  drivers: [thing],
  waits: [exists],
  checks: [],
  describe: ({ needs }) => [needs.gathered.found.map((name) => thing.resource({ name }, { value: 'built' }))],
  finish: ({ needs }) => ({ count: needs.gathered.found.length }),
};

/** A run in memory: documents as a folder would hold them. */
function createRun(world: MemoryWorld, settings: Settings, startedBy = 'ada') {
  const documents: { -readonly [K in keyof Documents]: Documents[K] } = {
    run: {
      id: 'drill-1',
      mode: 'drill',
      target: 'frankfurt',
      reason: '',
      incidentAt: '2026-01-01T00:00:00Z',
      startedAt: '2026-01-01T00:00:00Z',
      startedBy,
      services: 'all',
      waivers: [],
    },
    estate: settings,
    records: {},
    plans: [],
    approvals: {},
  };
  const sink: Sink = {
    plan: async (plan) => {
      documents.plans = [...documents.plans, plan];
    },
    record: async (record) => {
      documents.records = { ...documents.records, [record.step]: record };
    },
    files: async () => undefined,
  };
  const state = { settings, digestKey: 'key' as string, notTheStarter: false, controller: new AbortController() };
  const input = (step: unknown, direction: 'forward' | 'undo'): PhaseInput<Settings, MemoryWorld> => ({
    step: step as TestStep,
    direction,
    documents,
    estate: state.settings as Settings & Record<string, unknown>,
    clients: world,
    clock: fastClock,
    log: silentLog,
    signal: state.controller.signal,
    secrets: createSecrets(state.digestKey, async () => undefined),
    approvalRule: { mode: 'ask', approvers: [], timeoutMinutes: 5, notTheStarter: state.notTheStarter },
    allSteps: async () => [],
    tool: 'eks-dr test',
  });
  const approve = (step: string, changes: Partial<Approval> = {}): void => {
    const plan = documents.plans.filter((entry) => entry.step === step).at(-1);
    if (plan === undefined) throw new Error(`no plan of ${step}`);
    const { run, attempt, digest } = plan;
    documents.approvals = {
      ...documents.approvals,
      [step]: {
        schema: 1,
        run,
        step,
        attempt,
        digest,
        decision: 'approved',
        by: 'grace',
        at: '2026-01-01T00:10:00Z',
        via: 'terminal',
        ...changes,
      },
    };
  };
  return {
    documents,
    state,
    approve,
    plan: (step: unknown, direction: 'forward' | 'undo' = 'forward') => planPhase(input(step, direction), sink),
    apply: (step: unknown, direction: 'forward' | 'undo' = 'forward') => applyPhase(input(step, direction), sink),
  };
}

const settings: Settings = { names: ['a', 'b'], elsewhere: 'x' };

async function built(world = createMemoryWorld()) {
  const run = createRun(world, settings);
  await run.apply(gather);
  await run.plan(build);
  run.approve('build');
  await run.apply(build);
  return { run, world };
}

describe('a step', () => {
  it('plans, is approved, applies, and hands on its outputs', async () => {
    const { run, world } = await built();
    expect(valuesOf(world)).to.deep.equal({ a: 'built', b: 'built' });
    expect(run.documents.records.build).to.include({ status: 'ok', phase: 'apply', attempt: 1 });
    expect(run.documents.records.build?.outputs).to.deep.equal({ count: 2 });
    expect(run.documents.records.build?.approval?.by).to.equal('grace');
  });

  it('applies nothing without an approval', async () => {
    const world = createMemoryWorld();
    const run = createRun(world, settings);
    await run.apply(gather);
    await run.plan(build);
    await failure('approval-missing', run.apply(build));
    expect(valuesOf(world)).to.deep.equal({});
  });

  it('refuses an approval of another digest, attempt, step or run', async () => {
    const run = createRun(createMemoryWorld(), settings);
    await run.apply(gather);
    await run.plan(build);
    for (const wrong of [{ digest: 'sha256:0' }, { attempt: 7 }, { step: 'gather' }, { run: 'drill-2' }]) {
      run.approve('build', wrong);
      await failure('approval-mismatch', run.apply(build));
    }
  });

  it('refuses the approval of the starter where the estate asks for a second person', async () => {
    const run = createRun(createMemoryWorld(), settings);
    run.state.notTheStarter = true;
    await run.apply(gather);
    await run.plan(build);
    run.approve('build', { by: 'ada' });
    const error = await failure('approval-mismatch', run.apply(build));
    expect(error.message).to.include('ada');
  });

  it('asks nothing for an empty plan and keeps the moment at which it was first complete', async () => {
    const { run } = await built();
    const first = run.documents.records.build?.timing.completedAt;
    const planned = await run.plan(build);
    expect(planned.approvalNeed?.required).to.equal(false);
    const again = await run.apply(build);
    expect(again.timing.completedAt).to.equal(first).and.not.equal(null);
  });

  it('does not plan what is read-only', async () => {
    await failure('bad-usage', createRun(createMemoryWorld(), settings).plan(gather));
  });

  it('leaves the error in its record', async () => {
    const world = createMemoryWorld();
    world.beforeWrite = () => {
      throw new EksDrError('permission-denied', { message: 'thing:Put is not allowed.', target: 'thing a' });
    };
    const run = createRun(world, settings);
    await run.apply(gather);
    await run.plan(build);
    run.approve('build');
    await failure('permission-denied', run.apply(build));
    expect(run.documents.records.build).to.include({ status: 'failed' });
    expect(run.documents.records.build?.error).to.include({ code: 'permission-denied', category: 'permission' });
    expect(run.documents.records.build?.applied).to.deep.equal([1]);
  });

  it('records an interruption', async () => {
    const run = createRun(createMemoryWorld(), settings);
    await run.apply(gather);
    await run.plan(build);
    run.approve('build');
    run.state.controller.abort();
    await failure('interrupted', run.apply(build));
    expect(run.documents.records.build).to.include({ status: 'interrupted' });
  });

  it('can be undone, and then its outputs are gone', async () => {
    const { run, world } = await built();
    await run.plan(build, 'undo');
    run.approve('build');
    const undone = await run.apply(build, 'undo');
    expect(valuesOf(world)).to.deep.equal({});
    expect(undone).to.deep.include({ status: 'ok', direction: 'undo', applied: [], outputs: null });
  });

  it('undoes what an interrupted apply had begun', async () => {
    const world = createMemoryWorld();
    const run = createRun(world, settings);
    await run.apply(gather);
    await run.plan(build);
    run.approve('build');
    world.afterWrite = () => run.state.controller.abort();
    await failure('interrupted', run.apply(build));
    world.afterWrite = () => undefined;
    run.state.controller = new AbortController();
    await run.plan(build, 'undo');
    run.approve('build');
    await run.apply(build, 'undo');
    expect(valuesOf(world)).to.deep.equal({});
  });

  it('refuses to undo when an applied plan is lost', async () => {
    const { run } = await built();
    run.documents.plans = [];
    const error = await failure('plan-missing', run.plan(build, 'undo'));
    expect(error.message).to.include('Plan 1');
  });
});

describe('staleness', () => {
  const reseal = (record: StepRecord | undefined, changes: Partial<StepRecord>): StepRecord => {
    if (record === undefined) throw new Error('no record');
    const { digest: _, ...rest } = { ...record, ...changes };
    return sealRecord(rest);
  };

  it('names a step that has not run', async () => {
    const error = await failure('record-missing', createRun(createMemoryWorld(), settings).plan(build));
    expect(error.message).to.include('gather');
  });

  it('refuses a record that was edited', async () => {
    const run = createRun(createMemoryWorld(), settings);
    const record = await run.apply(gather);
    run.documents.records = { gather: { ...record, outputs: { found: ['evil'] } } };
    await failure('record-edited', run.plan(build));
  });

  it('refuses a record of another run', async () => {
    const run = createRun(createMemoryWorld(), settings);
    const record = await run.apply(gather);
    run.documents.records = { gather: reseal(record, { run: 'drill-2' }) };
    await failure('record-foreign', run.plan(build));
  });

  it('refuses the outputs of a step that failed', async () => {
    const run = createRun(createMemoryWorld(), settings);
    const record = await run.apply(gather);
    run.documents.records = { gather: reseal(record, { status: 'failed' }) };
    await failure('record-not-ok', run.plan(build));
  });

  it('refuses a plan made from outputs that have changed since', async () => {
    const run = createRun(createMemoryWorld(), settings);
    await run.apply(gather);
    await run.plan(build);
    run.approve('build');
    run.state.settings = { ...settings, names: ['c'] };
    await run.apply(gather);
    await failure('plan-stale', run.apply(build));
  });

  it('takes outputs for the same when all that matters of them is', async () => {
    let takenAt = 0;
    const outputs = z.object({ found: z.array(z.string()), takenAt: z.number() });
    const timed = {
      ...gather,
      outputs,
      finish: () => {
        takenAt += 1;
        return { found: settings.names, takenAt };
      },
      significant: ({ found }: z.infer<typeof outputs>) => found,
    };
    const run = createRun(createMemoryWorld(), settings);
    await run.apply(timed);
    await run.plan(build);
    run.approve('build');
    expect(await run.apply(timed)).to.deep.include({ outputs: { found: ['a', 'b'], takenAt: 2 } });
    await run.apply(build);
  });

  it('waits for what stands before a step that has no part in this mode, and not for that step', async () => {
    const fence = { ...gather, id: 'fence', modes: ['recover'], needs: { gathered: gather } };
    const late = { ...build, id: 'late', needs: {}, after: [fence], describe: () => [], finish: () => ({ count: 0 }) };
    const run = createRun(createMemoryWorld(), settings);
    const error = await failure('record-missing', run.plan(late));
    expect(error.message).to.include('gather').and.not.include('fence');
    await run.apply(gather);
    await run.plan(late);
    run.documents.run = { ...run.documents.run, mode: 'recover' };
    expect((await failure('record-missing', run.plan(late))).message).to.include('fence');
  });

  it('refuses a record made from a part of the estate that has changed since', async () => {
    const run = createRun(createMemoryWorld(), settings);
    await run.apply(gather);
    run.state.settings = { ...settings, names: ['c'] };
    const error = await failure('record-stale', run.plan(build));
    expect(error.message).to.include('names');
  });

  it('does not mind an edit of the estate elsewhere', async () => {
    const run = createRun(createMemoryWorld(), settings);
    await run.apply(gather);
    run.state.settings = { ...settings, elsewhere: 'y' };
    await run.plan(build);
  });

  it('refuses a plan that was edited', async () => {
    const run = createRun(createMemoryWorld(), settings);
    await run.apply(gather);
    await run.plan(build);
    run.approve('build');
    run.documents.plans = run.documents.plans.map((plan) => ({ ...plan, items: [] }));
    await failure('plan-edited', run.apply(build));
  });

  it('keeps the record of work that was done when a later call is refused', async () => {
    const { run } = await built();
    run.documents.records = { ...run.documents.records, gather: reseal(run.documents.records.gather, { status: 'failed' }) };
    await failure('record-not-ok', run.plan(build));
    expect(run.documents.records.build).to.include({ status: 'ok' });
  });
});
