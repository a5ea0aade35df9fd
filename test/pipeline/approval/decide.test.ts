import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { approveAll, askOnTerminal, type Decision } from '../../../pipeline/approval/decide.ts';
import type { ApprovalNeed } from '../../../steps/kit/approval.ts';
import type { EksDrError } from '../../../steps/kit/errors.ts';
import type { Change } from '../../../steps/kit/resource.ts';
import { planOf } from './plans.ts';

const ask: ApprovalNeed = { mode: 'ask', required: true, approvers: [], timeoutMinutes: 60, notTheStarter: false };

interface Asked {
  readonly decision: Decision | EksDrError;
  readonly shown: readonly string[];
}

async function answer(
  lines: readonly string[],
  need: ApprovalNeed = ask,
  options: { tty?: boolean; signal?: AbortSignal } = {},
): Promise<Asked> {
  const input = Object.assign(new PassThrough(), { isTTY: options.tty ?? true });
  const output = new PassThrough();
  // As a person types: one answer to each question.
  const left = [...lines];
  output.on('data', (chunk: Buffer) => {
    if (/[:?] $/.test(chunk.toString()) && left.length > 0) input.write(`${left.shift()}\n`);
  });
  const shown: string[] = [];
  const request = { plan: planOf([]), need, lines: (details: boolean) => [details ? 'in full' : 'in short'] };
  const decide = askOnTerminal({ input, output }, 'ann', 'ann');
  const decision = await decide(request, (text) => shown.push(text), options.signal ?? new AbortController().signal).catch(
    (thrown: unknown) => thrown as EksDrError,
  );
  return { decision, shown };
}

describe('approving on the terminal', () => {
  it('takes y for the person at it', async () => {
    const { decision, shown } = await answer(['y']);
    expect(decision).to.deep.equal({ by: 'ann', via: 'terminal' });
    expect(shown).to.deep.equal(['in short']);
  });

  it('shows the details on d and asks again, as after anything unclear', async () => {
    const { decision, shown } = await answer(['d', 'perhaps', 'yes']);
    expect(decision).to.deep.equal({ by: 'ann', via: 'terminal' });
    expect(shown).to.deep.equal(['in short', 'in full']);
  });

  it('rejects on n', async () => {
    expect((await answer(['n'])).decision).to.include({ code: 'rejected' });
  });

  it('asks for a name where the starter may not approve, and does not take the starter', async () => {
    expect((await answer(['ann', 'bob', 'y'], { ...ask, notTheStarter: true })).decision).to.deep.equal({ by: 'bob', via: 'terminal' });
  });

  it('asks for a name where the estate names approvers and the user is none of them', async () => {
    expect((await answer(['carol', 'y'], { ...ask, approvers: ['carol', 'dave'] })).decision).to.deep.equal({
      by: 'carol',
      via: 'terminal',
    });
  });

  it('says so when there is no terminal', async () => {
    const { decision, shown } = await answer([], ask, { tty: false });
    expect(decision).to.include({ code: 'approval-missing' });
    expect((decision as EksDrError).remedy).to.contain('--approve all');
    expect(shown).to.deep.equal([]);
  });

  it('gives up when nobody answers in time', async () => {
    expect((await answer([], { ...ask, timeoutMinutes: 0.001 })).decision).to.include({ code: 'rejected' });
  });

  it('ends as interrupted when the input ends', async () => {
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const decide = askOnTerminal({ input, output: new PassThrough() }, 'ann', 'ann');
    const asking = decide({ plan: planOf([]), need: ask, lines: () => [] }, () => undefined, new AbortController().signal);
    input.end();
    expect(await asking.catch((thrown: unknown) => thrown)).to.include({ code: 'interrupted' });
  });

  it('ends as interrupted when the run is', async () => {
    const controller = new AbortController();
    const asking = answer([], ask, { signal: controller.signal });
    setImmediate(() => controller.abort());
    expect((await asking).decision).to.include({ code: 'interrupted' });
  });
});

describe('approving everything', () => {
  const nobody = askOnTerminal({ input: new PassThrough(), output: new PassThrough() }, 'ann', 'ann');
  const approve = (changes: readonly Change[]) => {
    const request = { plan: planOf(changes), need: ask, lines: () => [] };
    return approveAll('ann', nobody)(request, () => undefined, new AbortController().signal);
  };
  const gone = { kind: 'test.thing', id: { name: 'a' }, before: { value: 'grown' }, after: null };

  it('says by whom and by which rule', async () => {
    expect(await approve([gone])).to.deep.equal({ by: 'ann', via: '--approve all' });
  });

  it('leaves to a person what changed since the run made it', async () => {
    const refused = await approve([{ ...gone, changedSince: { value: 'ours' } }]).catch((thrown: unknown) => thrown);
    expect(refused).to.include({ code: 'approval-missing' });
  });
});
