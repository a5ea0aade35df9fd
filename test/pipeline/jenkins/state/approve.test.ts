import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { approvalMessage } from '../../../../pipeline/jenkins/state/approval-message.ts';
import { approve } from '../../../../pipeline/jenkins/state/approve.ts';
import type { Environment } from '../../../../pipeline/jenkins/state/parameters.ts';
import { approval as approvalSchema } from '../../../../steps/kit/approval.ts';
import type { Plan } from '../../../../steps/kit/plan.ts';
import type { Change } from '../../../../steps/kit/resource.ts';
import { thrownBy } from '../thrown-by.ts';
import { begunWorkspace, created, drillRun, estateWith, planOf, type Workspace } from './run-folder.ts';

const updated: Change = { ...created, before: { type: 'A', to: 'old' }, after: { type: 'A', to: 'new' } };
const clock = () => ({ timestamp: () => '2027-01-12T09:32:00.000Z' });

describe('Approving in Jenkins', () => {
  let workspace: Workspace;
  afterEach(() => workspace.remove());

  async function begin(plan: Plan, environment: Environment = {}, approvals: Parameters<typeof estateWith>[0] = {}) {
    workspace = await begunWorkspace(environment, drillRun, estateWith(approvals));
    await workspace.write(`switch-route53.${plan.attempt}.plan.json`, plan);
  }
  const question = () => approvalMessage(workspace.folder, 'switch-route53', 'forward', workspace.environment);
  const approveNow = (by?: string) =>
    approve({ folder: workspace.folder, step: 'switch-route53', direction: 'forward', environment: workspace.environment, by, clock });
  const shown = (plan: Plan, user: string, build = '7') => ({ EKS_DR_APPROVAL: `${build} ${plan.attempt} ${plan.digest} ${user}` });

  it('shows what will be created, changed and deleted, the digest, and who may say yes', async () => {
    const deleted: Change = { ...created, id: { zone: 'Z1', name: 'b.example.com' }, before: { type: 'A' }, after: null };
    const third: Change = { ...updated, id: { zone: 'Z1', name: 'c.example.com' } };
    const plan = planOf([created, third, deleted]);
    await begin(
      plan,
      { BUILD_URL: 'https://jenkins.example.com/job/7/' },
      { default: { approvers: ['anna', 'platform'], timeoutMinutes: 90 } },
    );
    const answer = await question();
    expect(answer).to.include({ ask: true, submitter: 'anna,platform', timeoutSeconds: 5400, attempt: 1, digest: plan.digest });
    expect(answer.message)
      .to.contain('+ route53.record Z1 a.example.com')
      .and.contain('~ route53.record Z1 c.example.com')
      .and.contain('to: old -> new')
      .and.contain('- route53.record Z1 b.example.com')
      .and.contain('1 to create, 1 to change, 1 to delete')
      .and.contain(plan.digest)
      .and.contain('https://jenkins.example.com/job/7/artifact/dr-state/switch-route53.1.plan.json')
      .and.contain('May approve: anna, platform. Waits 1 h 30 min.');
  });

  it('asks nobody about an empty plan, nor where the estate says so', async () => {
    await begin(planOf([]));
    expect(await question()).to.include({ ask: false });
    expect(await approveNow()).to.deep.equal({ approved: false, by: '' });
    await workspace.remove();
    await begin(planOf([created]), {}, { default: { mode: 'auto-if-create-only' } });
    expect(await question()).to.include({ ask: false });
  });

  it('asks about the newest plan', async () => {
    const second = planOf([created, { ...updated, id: { zone: 'Z1', name: 'late.example.com' } }], { attempt: 10 });
    await begin(planOf([]));
    await workspace.write('switch-route53.10.plan.json', second);
    expect(await question()).to.include({ ask: true, attempt: 10, digest: second.digest });
  });

  it('cuts a message that is too long for a page', async () => {
    const many = Array.from({ length: 40 }, (_, index) => ({ ...created, id: { zone: 'Z1', name: `${'n'.repeat(500)}-${index}` } }));
    await begin(planOf(many));
    expect((await question()).message)
      .to.have.length.below(8200)
      .and.contain('cut; see the plan');
  });

  it('writes the approval document for the plan that was shown in this build', async () => {
    const plan = planOf([updated]);
    await begin(plan, shown(plan, 'Berta B. (ops)'));
    expect(await approveNow()).to.deep.equal({ approved: true, by: 'Berta B. (ops)' });
    const document: unknown = JSON.parse(await readFile(join(workspace.folder, 'switch-route53.approval.json'), 'utf8'));
    expect(approvalSchema.parse(document)).to.include({
      attempt: 1,
      digest: plan.digest,
      by: 'Berta B. (ops)',
      via: 'jenkins',
      at: '2027-01-12T09:32:00.000Z',
    });
  });

  it('refuses an approval of a former build, which a restart brings along', async () => {
    const plan = planOf([updated]);
    await begin(plan, shown(plan, 'berta', '6'));
    expect(await thrownBy(approveNow())).to.include({ code: 'approval-missing' });
  });

  it('refuses when nobody approved, and when another plan was shown', async () => {
    const plan = planOf([updated]);
    await begin(plan);
    expect(await thrownBy(approveNow())).to.include({ code: 'approval-missing' });
    await workspace.remove();
    await begin(plan, shown(planOf([created]), 'berta'));
    expect(await thrownBy(approveNow())).to.include({ code: 'approval-mismatch' });
  });

  it('refuses the starter and everyone who restarted the build where a second person must approve', async () => {
    const plan = planOf([updated]);
    for (const user of ['starter', 'restarter']) {
      await begin(plan, { ...shown(plan, user), EKS_DR_STARTERS: 'other\nrestarter' }, { default: { notTheStarter: true } });
      expect(await thrownBy(approveNow()), user).to.include({ code: 'approval-mismatch' });
      expect(await thrownBy(approveNow(user)), user).to.include({ code: 'approval-mismatch' });
      expect(await approveNow('berta')).to.deep.equal({ approved: true, by: 'berta' });
      await workspace.remove();
    }
    await begin(plan, shown(plan, 'starter'));
    expect(await approveNow()).to.deep.equal({ approved: true, by: 'starter' });
  });

  it('lets AUTO_APPROVE stand in for a person in a drill, but not for a second one, nor for what changed since', async () => {
    const plan = planOf([updated]);
    await begin(plan, { AUTO_APPROVE: 'true' });
    expect(await question()).to.include({ ask: false });
    expect(await approveNow()).to.deep.equal({ approved: true, by: 'AUTO_APPROVE of starter' });
    await workspace.remove();
    await begin(plan, { AUTO_APPROVE: 'true' }, { drill: { notTheStarter: true } });
    expect(await question()).to.include({ ask: true });
    await workspace.remove();
    await begin(planOf([{ ...updated, changedSince: { type: 'A' } }]), { AUTO_APPROVE: 'true' });
    expect(await question()).to.include({ ask: true });
    expect(await thrownBy(approveNow())).to.include({ code: 'approval-missing' });
  });

  it('says so when there is no plan of this direction', async () => {
    await begin(planOf([updated], { direction: 'undo' }));
    expect(await thrownBy(question())).to.include({ code: 'plan-missing' });
    expect(await approveNow()).to.deep.equal({ approved: false, by: '' });
  });
});
