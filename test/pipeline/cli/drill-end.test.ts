import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { askDrillEnd, type DrillEnd, keepDrill, parseThen } from '../../../pipeline/cli/drill-end.ts';
import { runWith } from '../../steps/context.ts';

/** Answers each question with the next of these; at the end of them, the terminal closes. */
async function asked(answers: readonly string[], isTTY = true): Promise<{ end: DrillEnd | undefined; questions: number }> {
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const stderr = new PassThrough();
  let questions = 0;
  stderr.on('data', (chunk: Buffer) => {
    if (!chunk.toString().endsWith('(8h): ')) return;
    const answer = answers[questions];
    questions += 1;
    if (answer === undefined) stdin.end();
    else stdin.write(`${answer}\n`);
  });
  const io = { stdin, stderr, stdout: stderr, environment: {}, stepsFolder: '', steps: [], user: 'ann', version: '1' };
  return { end: await askDrillEnd(io, 24), questions };
}

describe('the end of a drill', () => {
  it('is asked for on a terminal until the answer is one', async () => {
    expect(await asked(['what?', '0h', 'c'])).to.deep.equal({ end: { do: 'clean-up' }, questions: 3 });
    expect((await asked(['8h'])).end).to.deep.equal({ do: 'keep', hours: 8 });
    expect((await asked(['K'])).end).to.deep.equal({ do: 'keep', hours: undefined });
  });

  it('is nobody’s where there is no terminal, or who sat there went away', async () => {
    expect(await asked([], false)).to.deep.equal({ end: undefined, questions: 0 });
    expect((await asked(['?'])).end).to.equal(undefined);
  });

  it('can be said beforehand', () => {
    expect(parseThen('keep=48h')).to.deep.equal({ do: 'keep', hours: 48 });
    expect(parseThen('clean-up')).to.deep.equal({ do: 'clean-up' });
    expect(parseThen(undefined)).to.equal(undefined);
    for (const wrong of ['keep=', 'keep=8', 'keep=999h', 'cleanup', '']) expect(() => parseThen(wrong), wrong).to.throw('--then takes');
  });

  it('keeps in the run folder until when, and who said so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'eks-dr-keep-'));
    const until = await keepDrill({ folder, run: runWith() }, 8, 'ann', Date.parse('2027-01-12T09:30:00Z'));
    const kept = JSON.parse(await readFile(join(folder, 'keep.json'), 'utf8')) as object;
    await rm(folder, { recursive: true });
    expect(until).to.equal('2027-01-12T17:30:00.000Z');
    expect(kept).to.deep.equal({ schema: 1, run: 'drill-1', until, by: 'ann', at: '2027-01-12T09:30:00.000Z' });
  });
});
