import { expect } from 'chai';
import { secretsIn, secretsInFolder } from '../canaries.ts';
import type { Build } from './jenkins.ts';
import { artifact, askedIn, recordIn } from './records.ts';
import { type SandboxedJenkins, startSandboxedJenkins } from './sandboxed-jenkins.ts';
import { skipWithoutJava } from './skip.ts';

interface Report {
  readonly status: string;
  readonly services: { readonly total: number; readonly healthy: number };
}

// One drill, looked at from all sides.
describe('a drill of the whole shop, driven by the generated Groovy alone', function () {
  this.timeout(1_200_000);
  let all: SandboxedJenkins | undefined;
  let jenkins: SandboxedJenkins;
  let drill: Build;

  before(async function () {
    await skipWithoutJava(this);
    all = await startSandboxedJenkins({ services: 'all', speed: { steps: 20, remote: 120 } });
    jenkins = all;
    // An agent that keeps its workspaces: what is left of one block must not hurt the next.
    drill = await jenkins.jenkins.build({ job: 'EKS-DR', parameters: { MODE: 'drill', TARGET: 'frankfurt' }, agents: 'lasting' });
  });
  after(() => all?.stop());

  it('ends well, with each of the 150 services healthy', async () => {
    expect(drill.result, drill.log.slice(-4000)).to.equal('SUCCESS');
    const { status, services } = await artifact<Report>(drill, 'report.json');
    expect({ status, ...services }).to.include({ status: 'ok', total: 150, healthy: 150 });
  });

  it('skips nothing but what belongs to recoveries', () => {
    const others = Object.entries(drill.stages).filter(([, status]) => status !== 'SUCCESS');
    expect(others).to.deep.equal([['Stop on the primary what must not work twice', 'NOT_EXECUTED']]);
  });

  it('asks about each plan once, without holding an agent, and keeps who approved what', async () => {
    expect(askedIn(drill)).to.include.members(['create-cluster', 'merge-deploy', 'switch-route53']);
    expect(new Set(askedIn(drill)).size).to.equal(drill.inputs.length);
    for (const step of askedIn(drill)) {
      const { status, plan, approval } = await recordIn(drill, step);
      expect({ step, status, by: approval?.by, digest: approval?.digest }).to.deep.equal({
        step,
        status: 'ok',
        by: 'olga',
        digest: plan?.digest,
      });
    }
  });

  it('shows in each question what will be done, and the digest that is approved', async () => {
    for (const { id, message } of drill.inputs) {
      const { plan } = await recordIn(drill, id.replace('approve-', ''));
      expect(message).to.contain(plan?.digest).and.contain(' to create, ').and.contain('/artifact/dr-state/');
    }
  });

  it('runs one build at a time, and survives a crash of the controller', () => {
    expect(drill.declared).to.include({ disableConcurrentBuilds: true, durabilityHint: 'MAX_SURVIVABILITY' });
  });

  it('tells in its description where the run stands, and is kept for evidence', () => {
    expect(drill.displayName).to.match(/^#1 drill-\d{8}-\d{6} to frankfurt$/);
    expect(drill.description).to.match(/^drill-\d{8}-\d{6} to frankfurt: \d+ steps ok$/);
    expect(drill.keepLog).to.equal(true);
  });

  it('could have gone on after a restart of the controller at any moment, with a small state', () => {
    expect(drill.largestProgram).to.be.greaterThan(0).and.lessThan(500_000);
  });

  it('leaves no secret in the log, the artifacts, the environment or the questions, even without masking', async () => {
    expect(jenkins.secrets.length).to.be.greaterThan(3);
    expect(await secretsInFolder(drill.archive, jenkins.secrets)).to.deep.equal({});
    expect(secretsIn(JSON.stringify(drill), jenkins.secrets)).to.deep.equal([]);
  });
});
