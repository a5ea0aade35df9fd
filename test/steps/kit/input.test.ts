import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { writeAtomically } from '../../../steps/kit/atomic-file.ts';
import { parseCommand } from '../../../steps/kit/command.ts';
import { readInput } from '../../../steps/kit/input.ts';
import { failure } from '../../failure.ts';

describe('what a step reads and writes', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'eks-dr-input-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const readFrom = (path: string) => readInput(parseCommand('a-step', ['apply', '--in', path]));

  it('names an input that does not exist', async () => {
    expect((await failure('input-unreadable', readFrom(join(folder, 'none.json')))).message).to.include('none.json');
  });

  it('names a document that is not JSON', async () => {
    await writeFile(join(folder, 'all.json'), '{"run": ');
    expect((await failure('input-not-json', readFrom(join(folder, 'all.json')))).message).to.include('all.json');
  });

  it('calls a disk that takes no file a matter of the disk, and says which file', async () => {
    const error = await failure('output-unwritable', writeAtomically(join(folder, 'gone', 'a.record.json'), 'text'));
    expect(error.message).to.include('a.record.json').and.include('the folder does not exist');
    await mkdir(join(folder, 'taken'));
    await failure('output-unwritable', writeAtomically(join(folder, 'taken'), 'text'));
  });
});
