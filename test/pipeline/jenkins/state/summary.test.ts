import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { summary } from '../../../../pipeline/jenkins/state/summary.ts';
import { EksDrError } from '../../../../steps/kit/errors.ts';
import { type StepRecord, sealRecord } from '../../../../steps/kit/record.ts';
import { begunWorkspace, drillRun, makeWorkspace, type Workspace } from './run-folder.ts';

function recordOf(step: string, status: StepRecord['status'], startedAt: string, more: Partial<StepRecord> = {}): StepRecord {
  return sealRecord({
    schema: 1,
    run: drillRun.id,
    step,
    phase: 'apply',
    direction: 'forward',
    status,
    plan: null,
    approvalNeed: null,
    approval: null,
    applied: [],
    outputs: null,
    outputsDigest: 'none',
    needs: {},
    estate: { parts: [], digest: 'sha256:0' },
    error: null,
    timing: { startedAt, finishedAt: null, seconds: 100, completedAt: null },
    attempt: 1,
    tool: 'eks-dr 0.0.0',
    ...more,
  });
}

describe('state.js summary', () => {
  let workspace: Workspace;
  afterEach(() => workspace.remove());

  it('tells where a run stands, with each error and its remedy', async () => {
    workspace = await begunWorkspace({});
    const error = new EksDrError('drift', { message: 'The record changed.' }).toRecord();
    await workspace.write('preflight.record.json', recordOf('preflight', 'ok', '2027-01-12T09:31:00.000Z'));
    await workspace.write('create-cluster.record.json', recordOf('create-cluster', 'failed', '2027-01-12T09:32:00.000Z', { error }));
    await workspace.write(
      'open-merge-request.record.json',
      recordOf('open-merge-request', 'planned', '2027-01-12T09:33:00.000Z', { phase: 'plan' }),
    );
    const { title } = await summary(workspace.folder);
    expect(title).to.equal(
      'drill-20270112-093000 to frankfurt: 1 step ok; create-cluster failed; open-merge-request was planned, not applied',
    );
    expect(await readFile(join(workspace.folder, 'summary.txt'), 'utf8')).to.equal(
      [
        title,
        '',
        'preflight: ok, 1 min 40 s',
        'create-cluster: failed, 1 min 40 s',
        '    The record changed.',
        `    -> ${error.remedy}`,
        'open-merge-request: planned, 1 min 40 s',
        '',
      ].join('\n'),
    );
  });

  it('counts what was undone by itself', async () => {
    workspace = await begunWorkspace({});
    await workspace.write('preflight.record.json', recordOf('preflight', 'ok', '2027-01-12T09:31:00.000Z'));
    await workspace.write(
      'create-cluster.record.json',
      recordOf('create-cluster', 'ok', '2027-01-12T09:32:00.000Z', { direction: 'undo' }),
    );
    expect((await summary(workspace.folder)).title).to.equal('drill-20270112-093000 to frankfurt: 1 step ok, 1 undone');
  });

  it('has a word for a run that did not begin', async () => {
    workspace = await makeWorkspace({});
    expect(await summary(workspace.folder)).to.deep.equal({ title: 'The run did not begin.' });
  });
});
