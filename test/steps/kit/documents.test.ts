import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseDocuments, readDocuments } from '../../../steps/kit/documents.ts';
import { failure } from '../../failure.ts';

const run = {
  id: 'drill-1',
  mode: 'drill',
  target: 'frankfurt',
  reason: '',
  incidentAt: '2026-01-01T00:00:00Z',
  startedAt: '2026-01-01T00:00:00Z',
  startedBy: 'ada',
  services: 'all',
  waivers: [],
};

describe('the documents of a run', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'eks-dr-documents-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are the same from a folder and from one document', async () => {
    await writeFile(join(folder, 'run.json'), JSON.stringify(run));
    await writeFile(join(folder, 'estate.json'), '{"name":"shop"}');
    await writeFile(join(folder, 'notes.txt'), 'none of ours');
    const fromFolder = await readDocuments(folder);
    expect(fromFolder).to.deep.equal(parseDocuments({ run, estate: { name: 'shop' } }, 'standard input'));
  });

  it('name the file that is missing, and how it comes to be', async () => {
    const error = await failure('input-unreadable', readDocuments(folder));
    expect(error.message).to.include('run.json');
    expect(error.remedy).to.include('eks-dr run');
  });

  it('name the file that is not JSON', async () => {
    await writeFile(join(folder, 'run.json'), '{"id": ');
    const error = await failure('input-not-json', readDocuments(folder));
    expect(error.message).to.include('run.json');
  });

  it('name every mistake of a file with its path', async () => {
    await writeFile(join(folder, 'run.json'), JSON.stringify({ ...run, mode: 'dril', startedAt: 'yesterday', extra: 1 }));
    const error = await failure('input-invalid', readDocuments(folder));
    expect(error.message).to.include('mode').and.include('startedAt').and.include('extra');
  });

  it('name a folder that does not exist', async () => {
    const error = await failure('input-unreadable', readDocuments(join(folder, 'nowhere')));
    expect(error.message).to.include('nowhere');
  });
});
