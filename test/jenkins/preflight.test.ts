import { expect } from 'chai';
import { worldDifferences } from '../../scripts/drill/differences.ts';
import { recordIn, runIn } from './records.ts';
import { type SandboxedJenkins, startSandboxedJenkins } from './sandboxed-jenkins.ts';
import { skipWithoutJava } from './skip.ts';

describe('the nightly preflight of the small shop, driven by the generated Groovy', function () {
  this.timeout(300_000);
  let all: SandboxedJenkins | undefined;
  let jenkins: SandboxedJenkins['jenkins'];
  let served: SandboxedJenkins['served'];

  before(async function () {
    await skipWithoutJava(this);
    all = await startSandboxedJenkins({ services: 'small', speed: { steps: 25, remote: 400 } });
    ({ jenkins, served } = all);
  });
  after(() => all?.stop());

  it('looks ahead to a recovery when a timer starts it, changes nothing, and is not kept for good', async () => {
    const before = await served.settled();
    const build = await jenkins.build({ job: 'EKS-DR-preflight', user: null });
    expect(build.result, build.log.slice(-4000)).to.equal('SUCCESS');
    expect(build.declared).to.include({ cron: 'H 2 * * *' });
    expect(await runIn(build)).to.include({ mode: 'recover', target: 'frankfurt', startedBy: 'jenkins' });
    expect(build.description).to.match(/: 2 steps ok$/);
    expect({ inputs: build.inputs, keepLog: build.keepLog }).to.deep.equal({ inputs: [], keepLog: false });
    expect(worldDifferences(before, await served.settled())).to.deep.equal([]);
  });

  it('fails loudly when a recovery would not work today, and says what is in its way', async () => {
    served.running.faults.add({ system: 'gitlab', operation: '*', times: 'always', effect: { status: 401 } });
    const build = await jenkins.build({ job: 'EKS-DR-preflight', user: null, parameters: { MODE: 'drill', TARGET: 'beside' } });
    served.running.faults.clear();
    expect(build.result).to.equal('FAILURE');
    expect(build.description).to.contain('take-inventory failed');
    const { error } = await recordIn(build, 'take-inventory');
    expect(build.log).to.contain(error?.message);
    expect(error?.message).to.contain('GitLab');
  });
});
