import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { worldDifferences } from '../../scripts/drill/differences.ts';
import { unexplained } from '../../scripts/drill/exceptions.ts';
import type { Build } from './jenkins.ts';
import { askedIn, recordIn, runIn } from './records.ts';
import { type SandboxedJenkins, startSandboxedJenkins } from './sandboxed-jenkins.ts';
import { skipWithoutJava } from './skip.ts';

const drill = { MODE: 'drill', TARGET: 'frankfurt' };
const connect = 'Open the new cluster to us and to Argo CD';
const controllers = 'open-network-paths + configure-vault + install-load-balancer-controller + deploy-karpenter';

// One story: each build goes on where the ones before left the world.
describe('a drill of the small shop in which everything goes wrong once, driven by the generated Groovy', function () {
  this.timeout(600_000);
  this.bail(true);
  let all: SandboxedJenkins | undefined;
  let jenkins: SandboxedJenkins['jenkins'];
  let served: SandboxedJenkins['served'];
  let start: unknown;
  let last: Build;

  before(async function () {
    await skipWithoutJava(this);
    all = await startSandboxedJenkins({ services: 'small', speed: { steps: 25, remote: 400 } });
    ({ jenkins, served } = all);
    start = served.dump();
  });
  after(() => all?.stop());

  it('a rejected approval ends the build as aborted, says so in its description, and lets the other branches finish', async () => {
    const build = await jenkins.build({
      job: 'EKS-DR',
      parameters: drill,
      answers: { 'approve-create-cluster': [{ action: 'reject', user: 'olga' }] },
    });
    expect(build.result).to.equal('ABORTED');
    expect(build.description).to.contain('create-cluster was not approved: rejected');
    expect((await recordIn(build, 'create-cluster')).status).to.equal('planned');
    expect((await recordIn(build, 'open-merge-request')).status).to.equal('ok');
    expect(build.stages[connect]).to.equal('SKIPPED');
    last = build;
  });

  it('a build that continues another by SOURCE_BUILD brings its records along, and asks nothing that is done', async () => {
    const build = await jenkins.build({
      job: 'EKS-DR',
      parameters: { ...drill, SOURCE_BUILD: String(last.number) },
      answers: { 'approve-connect-cluster': [{ action: 'time out' }] },
    });
    expect((await runIn(build)).id).to.equal((await runIn(last)).id);
    expect(build.displayName).to.contain('continued: drill-');
    expect(askedIn(build)).to.deep.equal(['connect-cluster', 'create-cluster']);
    last = build;
  });

  it('an approval that nobody gives in time ends the build as aborted, too, but is told from a rejection', async () => {
    expect(last.result).to.equal('ABORTED');
    expect(last.description).to.contain('connect-cluster was not approved: nobody answered in time').and.not.contain('rejected');
    expect((await recordIn(last, 'create-cluster')).status).to.equal('ok');
  });

  it('a step that fails lets the other branches finish, and tells its error and what to do', async () => {
    served.running.faults.add({ system: 'vault', operation: '*', mutating: true, times: 'always', effect: { status: 403 } });
    const build = await jenkins.build({ job: 'EKS-DR', user: 'bert', restart: { build: last.number, stage: connect } });
    served.running.faults.clear();
    expect(build.result).to.equal('FAILURE');
    expect(build.description).to.contain('configure-vault failed');
    expect((await recordIn(build, 'deploy-karpenter')).status).to.equal('ok');
    const { status, error } = await recordIn(build, 'configure-vault');
    expect(status).to.equal('failed');
    expect(build.log).to.contain(error?.message).and.contain(error?.remedy);
    last = build;
  });

  it('a restart goes on from the stage that failed with archived artifacts alone, to the end', async () => {
    // Whatever an agent may have kept is gone.
    await rm(join(jenkins.home, 'agents'), { recursive: true, force: true });
    const build = await jenkins.build({ job: 'EKS-DR', user: 'bert', restart: { build: last.number, stage: controllers } });
    expect(build.result, build.log.slice(-4000)).to.equal('SUCCESS');
    expect(build.stages[connect]).to.equal('SKIPPED FOR RESTART');
    expect(askedIn(build)).to.include('configure-vault').and.not.include('deploy-karpenter');
    expect((await recordIn(build, 'report')).status).to.equal('ok');
    last = build;
  });

  it('a restart in the middle, with the later records and approvals still there, changes nothing and asks nobody', async () => {
    const before = await served.settled();
    const build = await jenkins.build({
      job: 'EKS-DR',
      user: 'carla',
      restart: { build: last.number, stage: controllers },
      answers: { '*': [] },
    });
    expect(build.result, build.log.slice(-4000)).to.equal('SUCCESS');
    expect(build.inputs).to.deep.equal([]);
    expect(Object.keys(build.environment)).to.include('EKS_DR_APPROVAL_switch_route53');
    expect(worldDifferences(before, await served.settled())).to.deep.equal([]);
    last = build;
  });

  it('whoever started or restarted the builds of the run stands in its environment, for the rule of two people', () => {
    expect(last.environment['EKS_DR_STARTERS']?.split('\n')).to.deep.equal(['anna', 'bert', 'bert', 'carla']);
  });

  it('the undo job ends at once where the cluster is said to be gone, but answers', async () => {
    const parameters = { SOURCE_BUILD: String(last.number), CLUSTER_GONE: true };
    const build = await jenkins.build({ job: 'EKS-DR-undo', parameters });
    expect(build.result).to.equal('FAILURE');
    expect(build.log).to.contain('answers. The normal way is better').and.contain('without CLUSTER_GONE');
    expect(build.inputs).to.deep.equal([]);
  });

  it('the undo job takes everything back, asking about each step, and finds nothing left', async () => {
    const build = await jenkins.build({ job: 'EKS-DR-undo', parameters: { SOURCE_BUILD: String(last.number) } });
    expect(build.result, build.log.slice(-4000)).to.equal('SUCCESS');
    expect(build.displayName).to.contain('undo of drill-');
    expect(build.description).to.match(/ \d+ undone$/);
    expect(askedIn(build)).to.include.members(['create-cluster', 'switch-route53']);
    expect(build.log).to.contain('Nothing of this run is left in ');
    expect(await served.differencesOnceSettled(start, unexplained)).to.deep.equal([]);
    last = build;
  });

  it('the undo job is unstable where it can not know whether something is left', async () => {
    served.running.faults.add({ system: 'gitlab', operation: '*', times: 'always', effect: { status: 401 } });
    const stage = 'Search every system for what the run has left behind';
    const build = await jenkins.build({ job: 'EKS-DR-undo', restart: { build: last.number, stage } });
    served.running.faults.clear();
    expect(build.result).to.equal('UNSTABLE');
    expect(build.log).to.contain('not known: GitLab');
  });
});
