import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { makeWorkspace, type Workspace } from './run-folder.ts';

const entry = fileURLToPath(new URL('../../../../pipeline/jenkins/state-entry.ts', import.meta.url));

describe('The command line of state.js', () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await makeWorkspace({});
  });
  afterEach(() => workspace.remove());

  const call = (args: readonly string[], environment: Record<string, string> = {}) =>
    spawnSync(process.execPath, ['--import', 'tsx', entry, ...args], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...workspace.environment, ...environment },
    });

  it('answers with one JSON object on standard output, and ignores the step where a command has none', () => {
    const { status, stdout, stderr } = call(['init', 'start', '--in', workspace.folder], { MODE: 'drill' });
    expect(stderr).to.equal('');
    expect(JSON.parse(stdout))
      .to.have.property('title')
      .that.matches(/^drill-\d{8}-\d{6} to frankfurt$/);
    expect(status).to.equal(0);
  });

  it('says what is wrong and what to do on standard error, with the exit status of its category', () => {
    const { status, stdout, stderr } = call(['init', 'start', '--in', workspace.folder], { MODE: 'recover' });
    expect(stdout).to.equal('');
    expect(stderr).to.contain('REASON is empty').and.contain('-> Start a new build');
    expect(status).to.equal(20);
  });

  it('refuses unknown commands and options, and a missing folder', () => {
    expect(call(['launch', '--in', workspace.folder]))
      .to.include({ status: 2 })
      .and.have.property('stderr')
      .that.contains('"launch" is no command');
    expect(call(['init']))
      .to.include({ status: 2 })
      .and.have.property('stderr')
      .that.contains('--in is missing');
    expect(call(['init', '--force', '--in', 'x'])).to.include({ status: 2 });
  });
});
