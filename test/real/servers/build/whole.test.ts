import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { exists, makeWhole } from './whole.ts';

const silent = (): void => undefined;

describe('a folder that is made wholly or not at all', () => {
  let parent: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'eks-dr-whole-'));
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  it('is filled once, even when two ask for it at the same time', async () => {
    const folder = join(parent, 'programs');
    let fills = 0;
    const fill = async (partial: string): Promise<void> => {
      fills += 1;
      await writeFile(join(partial, 'etcd'), 'x');
    };
    const made = await Promise.all([makeWhole(folder, fill, silent), makeWhole(folder, fill, silent)]);
    expect(made.toSorted()).to.deep.equal(['made', 'was there']);
    expect(fills).to.equal(1);
    expect(await readdir(folder)).to.deep.equal(['etcd']);
  });

  it('is not there after a failure, and nor is anything of it', async () => {
    const folder = join(parent, 'programs');
    const failing = makeWhole(folder, () => Promise.reject(new Error('the disk is full')), silent);
    expect(await failing.catch((thrown: Error) => thrown.message)).to.equal('the disk is full');
    expect(await readdir(parent)).to.deep.equal([]);
  });

  it('takes away what a killed build left', async () => {
    const folder = join(parent, 'programs');
    await mkdir(`${folder}.partial-1`);
    await makeWhole(folder, async () => undefined, silent);
    expect(await readdir(parent)).to.deep.equal(['programs']);
    expect(await exists(`${folder}.partial-1`)).to.equal(false);
  });
});
