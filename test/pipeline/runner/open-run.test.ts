import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { readRun } from '../../../pipeline/runner/folder.ts';
import { type OpenRun, type OpenRunOptions, openRun, type RunArguments } from '../../../pipeline/runner/open-run.ts';
import type { EksDrError } from '../../../steps/kit/errors.ts';
import { exampleFile, exampleWith } from '../estate/example.ts';

const nothing: RunArguments = {
  mode: undefined,
  target: undefined,
  reason: undefined,
  incidentAt: undefined,
  services: undefined,
  waivers: [],
};
const recovery: RunArguments = { ...nothing, mode: 'recover', reason: 'region down', incidentAt: '2027-01-12T09:30:00+01:00' };

describe('opening a run', () => {
  let root: string;
  let folder: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'eks-dr-open-'));
    folder = join(root, 'run');
  });
  afterEach(() => rm(root, { recursive: true }));

  async function open(given: RunArguments, more: Partial<OpenRunOptions> = {}): Promise<OpenRun> {
    const options = { folder, estateFile: exampleFile, user: 'ann', now: Date.parse('2027-01-12T09:35:12Z'), stepIds: ['switch-route53'] };
    const opened = await openRun({ ...options, arguments: given, ...more });
    await opened.lock.release();
    return opened;
  }
  const refusal = (given: RunArguments, more: Partial<OpenRunOptions> = {}) =>
    open(given, more).then(
      () => undefined,
      (thrown: unknown) => thrown as EksDrError,
    );

  it('starts one with an id of its mode and time, and everything a step reads', async () => {
    const { run, resumed, estateFolder } = await open(recovery);
    expect(run).to.deep.equal({
      id: 'recover-20270112-093512',
      mode: 'recover',
      target: 'frankfurt',
      reason: 'region down',
      incidentAt: '2027-01-12T08:30:00.000Z',
      startedAt: '2027-01-12T09:35:12.000Z',
      startedBy: 'ann',
      services: 'all',
      waivers: [],
    });
    expect(resumed).to.equal(false);
    expect(estateFolder).to.equal(dirname(exampleFile));
    expect(await readRun(folder)).to.deep.equal(run);
    expect(JSON.parse(await readFile(join(folder, 'estate.json'), 'utf8')).rto).to.deep.equal({ targetMinutes: 30 });
  });

  it('wants a mode, and of a recovery a reason', async () => {
    expect((await refusal(nothing))?.message).to.contain('--mode');
    expect((await refusal({ ...nothing, mode: 'recover' }))?.message).to.contain('--reason');
  });

  it('refuses an unknown target, a broken time and one in the future', async () => {
    expect((await refusal({ ...recovery, target: 'frankfrut' }))?.message).to.contain('did you mean "frankfurt"?');
    expect((await refusal({ ...recovery, incidentAt: 'yesterday' }))?.message).to.contain('--incident-at is "yesterday"');
    // Whose clock is meant, nobody should have to guess.
    expect((await refusal({ ...recovery, incidentAt: '2027-01-12T08:00:00' }))?.message).to.contain('a time with a zone');
    expect((await refusal({ ...recovery, incidentAt: '2027-01-12T10:00:00Z' }))?.message).to.contain('future');
  });

  it('leaves no run behind when the estate is wrong', async () => {
    const estateFile = join(root, 'eks-dr.yaml');
    await writeFile(estateFile, exampleWith(['name: shop\n', 'name: Shop\n']));
    expect((await refusal(recovery, { estateFile }))?.code).to.equal('estate-invalid');
    expect(await readRun(folder)).to.equal(undefined);
  });

  it('goes on with the run in the folder and its estate', async () => {
    const started = await open(recovery);
    const again = await open(nothing, { estateFile: undefined, now: Date.parse('2027-01-12T11:00:00Z') });
    expect(again.run).to.deep.equal(started.run);
    expect(again.resumed).to.equal(true);
    expect(again.estateFolder).to.equal(dirname(exampleFile));
  });

  it('accepts the same arguments again and names every one that contradicts', async () => {
    await open(recovery);
    await open(recovery);
    const error = await refusal({ ...recovery, target: 'beside', reason: 'other' });
    expect(error?.code).to.equal('bad-usage');
    expect(error?.message).to.contain('--target says beside, the run has frankfurt').and.contain('--reason says other');
  });

  it('goes by another inventory from when that is said, in its own copy of the estate', async () => {
    expect((await open(recovery)).estate.inventory.prefer).to.equal('live');
    const again = { estateFile: undefined };
    expect((await open(nothing, { ...again, inventory: 'last-good' })).estate.inventory.prefer).to.equal('last-good');
    expect((await open(nothing, again)).estate.inventory).to.include({ prefer: 'last-good', lastGood: 'inventory/last-good.json' });
    expect((await open(nothing, { ...again, inventory: 'live' })).estate.inventory.prefer).to.equal('live');
  });

  it('takes over a changed estate when one is named', async () => {
    await open(recovery);
    const estateFile = join(root, 'eks-dr.yaml');
    await writeFile(estateFile, exampleWith(['targetMinutes: 30', 'targetMinutes: 45']));
    const { estate, estateFolder } = await open(nothing, { estateFile });
    expect(estate.rto.targetMinutes).to.equal(45);
    expect(estateFolder).to.equal(root);
    expect((await open(nothing, { estateFile: undefined })).estate.rto.targetMinutes).to.equal(45);
  });

  it('adds waivers to a run, each service once', async () => {
    await open(recovery);
    const waiver = { service: 'newsletter', reason: 'not needed tonight', by: 'ann' };
    await open({ ...nothing, waivers: [waiver] });
    await open({ ...nothing, waivers: [{ ...waiver, by: 'bob' }] });
    expect((await readRun(folder))?.waivers).to.deep.equal([waiver]);
  });

  it('keeps others out until it is released', async () => {
    const options = {
      folder,
      estateFile: exampleFile,
      arguments: recovery,
      user: 'ann',
      now: Date.parse('2027-01-12T09:35:12Z'),
      stepIds: ['switch-route53'],
    };
    const held = await openRun(options);
    // Our own process may take its lock again; another one is played by its parent.
    await writeFile(
      join(folder, 'runner.lock'),
      (await readFile(join(folder, 'runner.lock'), 'utf8')).replace(`${process.pid}`, `${process.ppid}`),
    );
    expect((await refusal(nothing))?.code).to.equal('run-busy');
    await held.lock.release();
    await open(nothing);
  });
});
