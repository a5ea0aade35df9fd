import { expect } from 'chai';
import { type Plan, planDigest } from '../../../steps/kit/plan.ts';
import { type StepRecord, sealRecord } from '../../../steps/kit/record.ts';
import type { Change } from '../../../steps/kit/resource.ts';
import { buildReport } from '../../../steps/report/build.ts';
import { reportDocument } from '../../../steps/report/document.ts';
import { reportText } from '../../../steps/report/text.ts';
import { runWith } from '../context.ts';

const run = runWith({ incidentAt: '2026-01-05T09:00:00.000Z', startedAt: '2026-01-05T09:05:00.000Z' });

function recordOf(step: string, change: Partial<StepRecord> = {}): StepRecord {
  return sealRecord({
    schema: 1,
    run: run.id,
    step,
    phase: 'apply',
    direction: 'forward',
    status: 'ok',
    plan: null,
    approvalNeed: null,
    approval: null,
    applied: [],
    outputs: null,
    outputsDigest: 'none',
    needs: {},
    estate: { parts: [], digest: 'sha256:0' },
    error: null,
    timing: {
      startedAt: '2026-01-05T09:05:00.000Z',
      finishedAt: '2026-01-05T09:06:00.000Z',
      seconds: 60,
      completedAt: '2026-01-05T09:06:00.000Z',
    },
    attempt: 1,
    tool: 'eks-dr',
    ...change,
  });
}

function planOf(step: string, attempt: number, changes: readonly Change[]): Plan {
  const items = changes.map((entry) => ({ ...entry }));
  return {
    schema: 1,
    run: run.id,
    step,
    attempt,
    direction: 'forward',
    items: items as Plan['items'],
    digest: planDigest(items),
    changes: { create: 0, update: 0, delete: 0 },
    expectedSeconds: 0,
    digestKey: null,
    leftAlone: [],
    needs: {},
    estate: { parts: [], digest: 'sha256:0' },
    createdAt: '2026-01-05T09:05:00.000Z',
  };
}

const create = (name: string, after = 1): Change => ({ kind: 'thing', id: { name }, before: null, after });
const timing = (completedAt: string | null, startedAt = '2026-01-05T09:05:00.000Z') => ({
  startedAt,
  finishedAt: completedAt,
  seconds: 60,
  completedAt,
});
const built = (records: Record<string, StepRecord>, more: Partial<Parameters<typeof buildReport>[0]> = {}) =>
  buildReport({ run, records, plans: [], approvals: {}, targetSeconds: 1800, ...more });

const awaited = {
  total: 3,
  healthy: 1,
  services: [
    { name: 'cart', application: 'cart-dr', tier: 'critical', status: 'healthy', reason: null },
    { name: 'pay', application: 'pay-dr', tier: 'critical', status: 'unhealthy', reason: 'CrashLoopBackOff' },
    { name: 'blog', application: 'blog-dr', tier: 'rest', status: 'waived', reason: 'not needed' },
  ],
};

describe('the report', () => {
  it('measures from the incident to the end of the last step, the report itself left out', () => {
    const records = {
      'switch-route53': recordOf('switch-route53', { timing: timing('2026-01-05T09:25:30.000Z') }),
      'create-cluster': recordOf('create-cluster', { timing: timing('2026-01-05T09:20:00.000Z') }),
      report: recordOf('report', { timing: timing('2026-01-05T11:00:00.000Z') }),
    };
    const report = built(records);
    expect(report.rto).to.deep.equal({ targetSeconds: 1800, actualSeconds: 1530, met: true });
    expect(report.status).to.equal('ok');
    expect(report.steps.map(({ step }) => step)).not.to.include('report');
  });

  it('has no recovery time while a step is still to come', () => {
    const report = built({ 'create-cluster': recordOf('create-cluster') }, { steps: ['create-cluster', 'switch-route53', 'report'] });
    expect(report.rto).to.deep.include({ actualSeconds: null, met: null });
    expect(report.status).to.equal('incomplete');
    expect(report.steps.map(({ step, status }) => `${step} ${status}`)).to.deep.equal(['create-cluster ok', 'switch-route53 pending']);
  });

  it('is failed when a step is, and quotes why', () => {
    const error = { code: 'drift', category: 'drift' as const, message: 'It changed.', remedy: 'Plan again.', target: null, also: [] };
    const report = built({ 'create-cluster': recordOf('create-cluster', { status: 'failed', error }) });
    expect(report.status).to.equal('failed');
    expect(report.steps[0]?.error).to.equal('It changed.');
  });

  it('counts what all applied attempts changed together, and nothing that was only planned', () => {
    const plans = [
      planOf('a', 1, [create('x'), create('y')]),
      planOf('a', 2, [{ ...create('x', 2), before: 1 }]),
      planOf('a', 3, [create('z')]),
    ];
    const [step] = built({ a: recordOf('a', { applied: [1, 2], attempt: 2 }) }, { plans }).steps;
    expect(step).to.include({ changes: 2, created: 2, updated: 0, deleted: 0, attempt: 2 });
  });

  it('takes the services from await-services, waived and unhealthy ones by name', () => {
    const { services } = built({ 'await-services': recordOf('await-services', { outputs: awaited }) });
    expect(services).to.deep.equal({
      total: 3,
      healthy: 1,
      failed: [{ name: 'pay', tier: 'critical', reason: 'CrashLoopBackOff' }],
      waived: [{ name: 'blog', tier: 'rest', reason: 'not needed' }],
    });
  });

  it('tells nothing of services that were not awaited in this state', () => {
    expect(built({ 'await-services': recordOf('await-services', { status: 'failed', outputs: awaited }) }).services).to.equal(null);
  });

  it('lists who approved what, applied or not', () => {
    const approval = {
      schema: 1 as const,
      run: run.id,
      step: 'a',
      attempt: 1,
      digest: 'sha256:1',
      decision: 'approved' as const,
      by: 'alice',
      at: '2026-01-05T09:10:00.000Z',
      via: 'terminal',
    };
    const report = built(
      { a: recordOf('a', { approval }), b: recordOf('b', { status: 'planned' }) },
      { approvals: { b: { ...approval, step: 'b', by: 'bob' } } },
    );
    expect(report.approvals.map(({ step, by }) => `${step} ${by}`)).to.deep.equal(['a alice', 'b bob']);
  });

  it('shows a step that was undone as undone, so the run is not complete', () => {
    const report = built({ a: recordOf('a', { direction: 'undo', timing: timing(null) }) });
    expect(report.steps[0]?.status).to.equal('undone');
    expect(report.status).to.equal('incomplete');
  });

  it('can be made of a run that has only started', () => {
    const report = built({});
    expect(report).to.deep.include({ status: 'incomplete', steps: [], services: null });
    expect(reportDocument.parse(report)).to.deep.equal(report);
  });

  it('is of the documented form', () => {
    const report = built({ 'await-services': recordOf('await-services', { outputs: awaited }) });
    expect(reportDocument.parse(JSON.parse(JSON.stringify(report)))).to.deep.equal(report);
  });

  describe('as text', () => {
    it('says at the top what became of the run, and how long it took', () => {
      const text = reportText(built({ 'switch-route53': recordOf('switch-route53', { timing: timing('2026-01-05T10:02:00.000Z') }) }));
      expect(text.split('\n')[0]).to.equal('EKS-DR drill drill-1: complete');
      expect(text).to.contain('1 h 02 min from the incident to the last step (target 30 min: missed)');
    });

    it('shows each step in a row, with its changes and its duration', () => {
      const text = reportText(built({ a: recordOf('a', { applied: [1] }) }, { plans: [planOf('a', 1, [create('x')])], steps: ['a', 'b'] }));
      expect(text).to.match(/^ {2}a +ok +\+1 ~0 -0 +09:05:00 +1 min +1$/m);
      expect(text).to.match(/^ {2}b +pending +- +- +- +-$/m);
    });

    it('names the services that are not healthy, and the errors', () => {
      const error = { code: 'drift', category: 'drift' as const, message: 'It changed.', remedy: '', target: null, also: [] };
      const text = reportText(
        built({ 'await-services': recordOf('await-services', { outputs: awaited }), b: recordOf('b', { status: 'failed', error }) }),
      );
      expect(text)
        .to.contain('  - pay (critical): CrashLoopBackOff')
        .and.to.contain('  - b: It changed.')
        .and.to.contain('1 of 3 healthy, 1 waived, 1 unhealthy');
    });
  });
});
