import { readdir } from 'node:fs/promises';
import { expect } from 'chai';
import { type Assertion, type ContractSpec, defineContract, isAsked } from './contract.ts';
import { contracts } from './contracts.ts';
import { expectDeviation } from './describe-contract.ts';
import { fidelityPage } from './fidelity-page.ts';

const opened = async () => ({ subject: 1, close: async () => undefined });
const assertion = (title: string, rest: Partial<Assertion<number>> = {}): Assertion<number> => ({
  title,
  concern: 'reads',
  holds: async (subject) => expect(subject).to.equal(1) && undefined,
  ...rest,
});
const deviation = { instead: 'It says no.', seen: /says no/, source: 'https://docs.example.com/' };
const define = (spec: Partial<ContractSpec<number>>) =>
  defineContract<number>({ system: 'Example', sandbox: opened, referees: { moto: opened }, assertions: [], ...spec });

describe('the contracts', () => {
  it('are all on the list: a folder each', async () => {
    const entries = await readdir(import.meta.dirname, { recursive: true });
    expect(contracts).to.have.length(entries.filter((name) => /\bcontract\.test\.ts$/.test(name)).length);
  });

  it('refuse two assertions of one title', () => {
    expect(() => define({ assertions: [assertion('it is'), assertion('it is')] })).to.throw('two assertions say "it is"');
  });

  it('refuse an assertion that nobody judges', () => {
    expect(() => define({ referees: {}, assertions: [assertion('it is')] })).to.throw('neither a referee that is right nor a source');
    const wrong = assertion('it is', { deviations: { moto: deviation } });
    expect(() => define({ assertions: [wrong] })).to.throw('neither a referee that is right nor a source');
  });

  it('check what an assertion says on whom it is asked of', async () => {
    const contract = define({ assertions: [assertion('it is'), assertion('it is not', { holds: () => Promise.reject(new Error('no')) })] });
    const subject = await contract.open('moto', { missing: {} });
    await subject?.check('it is');
    expect(await subject?.check('it is not').catch((thrown: Error) => thrown.message)).to.equal('no');
  });

  it('fail when a known mistake is gone, or has become another', async () => {
    const outcome = (check: () => Promise<void>) => expectDeviation('moto', deviation, check).catch((thrown: Error) => thrown.message);
    expect(await outcome(() => Promise.reject(new Error('it says no')))).to.equal(undefined);
    expect(await outcome(async () => undefined)).to.contain('remove its deviation');
    expect(await outcome(() => Promise.reject(new Error('it is silent')))).to.contain('in another way than known: Error: it is silent');
  });

  it('ask an assertion only of those who serve what it is about', () => {
    const own = assertion('it is', { servedBy: [] });
    expect([isAsked(own, 'sandbox'), isAsked(own, 'moto'), isAsked(assertion('so'), 'moto')]).to.deep.equal([true, false, true]);
    expect(fidelityPage([define({ assertions: [own] })])).to.contain('| [Example](#example) | 1 | 0 | moto 0 |');
  });

  it('count in the page what a referee confirms', () => {
    const page = fidelityPage([
      define({ assertions: [assertion('it is'), assertion('so', { source: 'x', deviations: { moto: deviation } })] }),
    ]);
    expect(page)
      .to.contain('| [Example](#example) | 2 | 1 | moto 1 |')
      .and.contain('- moto, “so”: It says no. ([source](https://docs.example.com/))');
  });
});
