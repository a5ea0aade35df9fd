import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { followFile } from '../../../steps/kit/follow-file.ts';

describe('following a log file', () => {
  let folder: string;
  let file: string;
  const lines: string[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'eks-dr-follow-'));
    file = join(folder, 'step.log');
    lines.length = 0;
    await writeFile(file, 'of an earlier attempt\n');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('hands on every line that comes, and none that was there', async () => {
    const follower = await followFile(file, (line) => lines.push(line));
    await appendFile(file, 'one\ntwo\n');
    await appendFile(file, 'three\n');
    await follower.stop();
    expect(lines).to.deep.equal(['one', 'two', 'three']);
  });

  it('waits for the rest of a line, and at the end takes what there is', async () => {
    const follower = await followFile(file, (line) => lines.push(line));
    const euro = Buffer.from('€');
    await appendFile(file, Buffer.concat([Buffer.from('costs 3 '), euro.subarray(0, 1)]));
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(lines).to.deep.equal([]);
    await appendFile(file, Buffer.concat([euro.subarray(1), Buffer.from('\nno end')]));
    await follower.stop();
    expect(lines).to.deep.equal(['costs 3 €', 'no end']);
  });

  it('reads more than fits into one reading', async () => {
    const follower = await followFile(file, (line) => lines.push(line));
    await appendFile(file, `${'x'.repeat(200_000)}\n`);
    await follower.stop();
    expect(lines.map(({ length }) => length)).to.deep.equal([200_000]);
  });
});
