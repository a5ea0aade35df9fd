import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { compressBundle, packBundle } from '../../../pipeline/jenkins/bundle.ts';

const long = `${'folder/'.repeat(18)}${'n'.repeat(60)}.js`;

describe('The step bundle', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'eks-dr-bundle-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('depends on paths and contents alone, not on their order', () => {
    const files = [
      { path: 'b.js', content: 'b' },
      { path: 'a/a.js', content: Buffer.from([0, 255]) },
    ];
    expect(packBundle(files).digest).to.equal(packBundle(files.toReversed()).digest);
    expect(packBundle(files).digest).to.not.equal(packBundle([{ path: 'b.js', content: 'B' }]).digest);
    expect(gunzipSync(compressBundle(packBundle(files)))).to.deep.equal(packBundle(files).tar);
  });

  it('is unpacked by tar, deep and empty files and Unicode names included', async () => {
    const files = [
      { path: long, content: 'deep' },
      { path: 'empty.js', content: '' },
      { path: 'grün.txt', content: 'ü'.repeat(600) },
    ];
    await writeFile(join(folder, 'b.tgz'), compressBundle(packBundle(files)));
    execFileSync('tar', ['-xzf', 'b.tgz'], { cwd: folder });
    for (const { path, content } of files) expect(await readFile(join(folder, path), 'utf8')).to.equal(content);
  });

  it('refuses paths that lead outside, stand there twice, or are too long', () => {
    for (const path of ['../x', '/x', 'a/../../x', '', 'n'.repeat(101)]) {
      expect(() => packBundle([{ path, content: '' }]), path).to.throw("can't go into the bundle");
    }
    expect(() =>
      packBundle([
        { path: 'a', content: '' },
        { path: 'a', content: '' },
      ]),
    ).to.throw('it stands there twice');
  });
});
