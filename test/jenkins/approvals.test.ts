import { expect } from 'chai';
import type { Build } from './jenkins.ts';
import { askedIn, recordIn, runIn } from './records.ts';
import { type SandboxedJenkins, startSandboxedJenkins } from './sandboxed-jenkins.ts';
import { skipWithoutJava } from './skip.ts';

const first = 'fence-primary + create-cluster + open-merge-request';
const question = 'approve-open-merge-request';
const approvals = `approvals:
  default:
    mode: auto
  steps:
    open-merge-request:
      mode: ask
      approvers: [olga, bert]
      notTheStarter: true
    connect-cluster:
      mode: ask
      approvers: [olga]

`;

const withApprovals = (text: string): string => text.replace(/^approvals:\n[\s\S]*?(?=^# The recovery time objective)/m, approvals);

// One story: each build goes on where the ones before left the world.
describe('who may approve, and what becomes of an aborted build, driven by the generated Groovy', function () {
  this.timeout(600_000);
  this.bail(true);
  let all: SandboxedJenkins | undefined;
  let jenkins: SandboxedJenkins['jenkins'];
  let last: Build;

  before(async function () {
    await skipWithoutJava(this);
    const speed = { steps: 25, remote: 400 };
    all = await startSandboxedJenkins({ services: 'small', speed, editEstate: withApprovals, administrators: ['anna', 'root'] });
    ({ jenkins } = all);
  });
  after(() => all?.stop());

  it('an abort lets the step under way finish the change in hand, and keeps its record', async () => {
    const build = await jenkins.build({
      job: 'EKS-DR',
      parameters: { MODE: 'drill', TARGET: 'frankfurt' },
      answers: { [question]: [{ action: 'reject', user: 'olga' }] },
      abort: { when: 'says', text: 'create-cluster: aws_vpc.this: Creating', user: 'anna' },
    });
    expect(build.result).to.equal('ABORTED');
    expect((await recordIn(build, 'create-cluster')).status).to.equal('interrupted');
    expect(build.description).to.contain('create-cluster interrupted').and.contain('open-merge-request was not approved: rejected');
    last = build;
  });

  it('sends people away who are not among the approvers, and goes on waiting', async () => {
    const answers = [
      { action: 'approve', user: 'carla' },
      { action: 'approve', user: 'anna' },
    ] as const;
    last = await jenkins.build({
      job: 'EKS-DR',
      user: 'anna',
      restart: { build: last.number, stage: first },
      answers: { [question]: answers },
    });
    expect(last.log).to.contain(`carla may not answer ${question}`);
    expect(last.inputs[0]).to.deep.include({ submitter: 'olga,bert', answers: ['approve by carla', 'approve by anna'] });
    expect((await recordIn(last, 'create-cluster')).status).to.equal('ok');
  });

  it('refuses the approval of the person who started the run, although administrators may always answer', async () => {
    expect(last.result).to.equal('FAILURE');
    expect(last.log).to.contain('anna started or restarted this run and may not approve open-merge-request');
    expect((await recordIn(last, 'open-merge-request')).status).to.equal('planned');
  });

  it('refuses the approval of an approver who restarted the build', async () => {
    last = await jenkins.build({
      job: 'EKS-DR',
      user: 'bert',
      restart: { build: last.number, stage: first },
      answers: { [question]: [{ action: 'approve', user: 'bert' }] },
    });
    expect(last.result).to.equal('FAILURE');
    expect(last.log).to.contain('bert started or restarted this run and may not approve open-merge-request');
  });

  it('takes the approval of a second person, and ends as aborted when the build is aborted at the next question', async () => {
    last = await jenkins.build({
      job: 'EKS-DR',
      user: 'bert',
      restart: { build: last.number, stage: first },
      answers: {
        [question]: [{ action: 'approve', user: 'olga' }],
        'approve-connect-cluster': [{ action: 'abort the build', user: 'bert' }],
      },
    });
    expect(last.result).to.equal('ABORTED');
    const { status, approval } = await recordIn(last, 'open-merge-request');
    expect({ status, by: approval?.by, via: approval?.via }).to.deep.equal({ status: 'ok', by: 'olga', via: 'jenkins' });
    expect(last.description).to.contain('connect-cluster was not approved');
  });

  it('writes down the administrator who approved, although the estate names others', async () => {
    last = await jenkins.build({
      job: 'EKS-DR',
      user: 'dora',
      parameters: { MODE: 'drill', TARGET: 'frankfurt', SOURCE_BUILD: String(last.number) },
      answers: { 'approve-connect-cluster': [{ action: 'approve', user: 'root' }] },
      abort: { when: 'starts', text: 'Plan prepare-namespaces', user: 'root' },
    });
    expect(askedIn(last)).to.deep.equal(['connect-cluster']);
    expect((await recordIn(last, 'connect-cluster')).approval?.by).to.equal('root');
    expect((await runIn(last)).startedBy).to.equal('anna');
  });
});
