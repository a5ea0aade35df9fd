import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { init } from '../../../../pipeline/jenkins/state/init.ts';
import type { Environment } from '../../../../pipeline/jenkins/state/parameters.ts';
import { readRun } from '../../../../pipeline/runner/folder.ts';
import { run as runSchema } from '../../../../steps/kit/run.ts';
import { exampleEstate } from '../example.ts';
import { thrownBy } from '../thrown-by.ts';
import { begunWorkspace, drillRun, makeWorkspace, NOW, type Workspace } from './run-folder.ts';

const form: Environment = {
  MODE: 'recover',
  TARGET: 'frankfurt',
  REASON: 'region lost',
  INCIDENT_AT: '2027-01-12T10:15+01:00',
  SERVICES: 'cart, checkout',
  AUTO_APPROVE: 'false',
  SOURCE_BUILD: '',
  EKS_DR_STARTERS: 'anna\nberta',
};

describe('state.js init', () => {
  let workspace: Workspace | undefined;
  afterEach(() => workspace?.remove());

  async function initWith(environment: Environment, direction: 'forward' | 'undo' = 'forward') {
    workspace = await makeWorkspace(environment);
    return init({ folder: workspace.folder, environment: workspace.environment, direction, now: NOW });
  }
  const refusal = (environment: Environment, direction: 'forward' | 'undo' = 'forward') => thrownBy(initWith(environment, direction));

  it('writes run.json and estate.json from the parameters', async () => {
    const answer = await initWith(form);
    expect(answer).to.deep.equal({ run: 'recover-20270112-093000', title: 'recover-20270112-093000 to frankfurt', continued: false });
    const folder = workspace?.folder ?? '';
    expect(runSchema.parse(JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')))).to.deep.equal({
      id: 'recover-20270112-093000',
      mode: 'recover',
      target: 'frankfurt',
      reason: 'region lost',
      incidentAt: '2027-01-12T09:15:00.000Z',
      startedAt: '2027-01-12T09:30:00.000Z',
      startedBy: 'anna',
      services: ['cart', 'checkout'],
      waivers: [],
    });
    expect(JSON.parse(await readFile(join(folder, 'estate.json'), 'utf8'))).to.deep.equal(JSON.parse(JSON.stringify(exampleEstate())));
  });

  it('keeps where the build is to be found, for those who read of the run elsewhere', async () => {
    await initWith({ ...form, BUILD_URL: 'https://jenkins.example.com/job/EKS-DR/7/' });
    const written = JSON.parse(await readFile(join(workspace?.folder ?? '', 'run.json'), 'utf8')) as { url: string };
    expect(written.url).to.equal('https://jenkins.example.com/job/EKS-DR/7/');
  });

  it('takes a drill to the default target when nothing is said, as on the very first build', async () => {
    expect(await initWith({})).to.include({ title: 'drill-20270112-093000 to frankfurt' });
  });

  it('names everything that is wrong with the parameters at once', async () => {
    const { message, code } = await refusal({ ...form, TARGET: 'frankfort', REASON: ' ', INCIDENT_AT: 'yesterday', AUTO_APPROVE: 'true' });
    expect(code).to.equal('input-invalid');
    expect(message)
      .to.contain('frankfurt')
      .and.contain('REASON is empty')
      .and.contain('INCIDENT_AT is "yesterday"')
      .and.contain('AUTO_APPROVE is for drills');
  });

  it('refuses a time without a zone, a time that is none, and the future', async () => {
    for (const at of ['2027-01-12T09:15', '2027-13-12T09:15Z', '2027-01-12T09:31Z']) {
      expect((await refusal({ ...form, INCIDENT_AT: at })).message, at).to.contain(at);
      await workspace?.remove();
    }
    workspace = undefined;
  });

  it('writes nothing when it refuses', async () => {
    await refusal({ ...form, MODE: 'destroy' });
    expect(await readdir(workspace?.folder ?? '')).to.deep.equal([]);
  });

  it('refuses a SOURCE_BUILD without a run, and an undo without a SOURCE_BUILD', async () => {
    expect((await refusal({ ...form, SOURCE_BUILD: '41' })).message).to.equal('Build 41 has no run.json among its artifacts.');
    await workspace?.remove();
    expect((await refusal({}, 'undo')).message).to.contain('SOURCE_BUILD is empty');
  });

  it('goes on with the run whose records are at hand', async () => {
    workspace = await begunWorkspace({ MODE: 'drill', TARGET: 'frankfurt', SERVICES: 'all', SOURCE_BUILD: '6' });
    const answer = await init({ folder: workspace.folder, environment: workspace.environment, direction: 'forward', now: NOW });
    expect(answer).to.deep.equal({ run: drillRun.id, title: `continued: ${drillRun.id} to frankfurt`, continued: true });
  });

  it('refuses to go on with a run under other parameters', async () => {
    workspace = await begunWorkspace({ MODE: 'recover', TARGET: 'beside', SERVICES: 'cart', SOURCE_BUILD: '6' });
    const error = await thrownBy(init({ folder: workspace.folder, environment: workspace.environment, direction: 'forward', now: NOW }));
    expect(error.message)
      .to.contain('MODE says recover, but the run drill-20270112-093000 has drill')
      .and.contain('TARGET says beside')
      .and.contain('SERVICES says cart');
  });

  it('keeps what the form of an undo accepts of the primary in the run, with who said so', async () => {
    const accepting = { SOURCE_BUILD: '6', ACCEPT_UNHEALTHY_PRIMARY: ' it is lost for good ', EKS_DR_STARTERS: 'ben' };
    workspace = await begunWorkspace(accepting);
    await init({ folder: workspace.folder, environment: workspace.environment, direction: 'undo', now: NOW });
    expect((await readRun(workspace.folder))?.unhealthyPrimary).to.deep.equal({ reason: 'it is lost for good', by: 'ben' });
  });

  it('keeps in the run who said for the undo that the new cluster is gone, until a form says otherwise', async () => {
    workspace = await begunWorkspace({ SOURCE_BUILD: '6', EKS_DR_STARTERS: 'ben' });
    const { folder, environment } = workspace;
    const begin = async (CLUSTER_GONE: string) => {
      await init({ folder, environment: { ...environment, CLUSTER_GONE }, direction: 'undo', now: NOW });
      return (await readRun(folder))?.clusterGone;
    };
    expect(await begin('true')).to.deep.equal({ by: 'ben', at: '2027-01-12T09:30:00.000Z' });
    expect(await begin('false')).to.equal(undefined);
  });

  it('refuses AUTO_APPROVE for the undo of a recovery', async () => {
    workspace = await begunWorkspace(
      { AUTO_APPROVE: 'true', SOURCE_BUILD: '6' },
      { ...drillRun, id: 'recover-20270112-093000', mode: 'recover' },
    );
    const error = await thrownBy(init({ folder: workspace.folder, environment: workspace.environment, direction: 'undo', now: NOW }));
    expect(error.message).to.contain('AUTO_APPROVE is for drills');
  });
});
