import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { summary } from '../../../../pipeline/jenkins/state/summary.ts';
import { EksDrError } from '../../../../steps/kit/errors.ts';
import { type StepRecord, sealRecord } from '../../../../steps/kit/record.ts';
import { begunWorkspace, created, drillRun, makeWorkspace, planOf, type Workspace } from './run-folder.ts';

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
    const { title } = await summary(workspace.folder, {});
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
    expect((await summary(workspace.folder, {})).title).to.equal('drill-20270112-093000 to frankfurt: 1 step ok, 1 undone');
  });

  it('tells a rejected plan from one that nobody answered, in this build only', async () => {
    workspace = await begunWorkspace({});
    const plan = planOf([created]);
    await workspace.write(
      'switch-route53.record.json',
      recordOf('switch-route53', 'planned', '2027-01-12T09:31:00.000Z', { phase: 'plan', plan }),
    );
    const titleFor = async (said: string): Promise<string> => {
      const environment = { ...workspace.environment, EKS_DR_UNANSWERED_switch_route53: said };
      return (await summary(workspace.folder, environment)).title.replace(/^.*; /, '');
    };
    expect(await titleFor('7 1 rejected')).to.equal('switch-route53 was not approved: rejected, or the build aborted meanwhile');
    expect(await titleFor('7 1 timed-out')).to.equal('switch-route53 was not approved: nobody answered in time');
    const planned = 'switch-route53 was planned, not applied';
    expect(await titleFor('6 1 rejected')).to.equal(planned);
    expect(await titleFor('7 2 rejected')).to.equal(planned);
    expect(await titleFor('')).to.equal(planned);
  });

  it('has a word for a run that did not begin', async () => {
    workspace = await makeWorkspace({});
    expect(await summary(workspace.folder, {})).to.deep.equal({ title: 'The run did not begin.' });
  });
});
