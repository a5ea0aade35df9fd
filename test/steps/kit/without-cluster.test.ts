import { expect } from 'chai';
import type { Driver } from '../../../steps/kit/driver.ts';
import type { Folded } from '../../../steps/kit/undo.ts';
import { describedWithoutCluster, foldedWithoutCluster } from '../../../steps/kit/without-cluster.ts';

const facts: Readonly<Record<string, Driver<never>['withoutCluster']>> = {
  pod: 'gone',
  hold: 'needless',
  app: { as: 'app-alone' },
};
const lookup = { driver: (kind: string) => ({ withoutCluster: facts[kind] }) as Driver<never> };
const made = (kind: string): Folded => ({ kind, id: { name: kind }, before: null, after: { is: 'ours' } });

describe('what is taken back without the cluster', () => {
  it('leaves out what went with it, and lists that', () => {
    const { folded, gone } = foldedWithoutCluster(lookup, [[made('pod'), made('record')]]);
    expect(folded).to.deep.equal([[made('record')]]);
    expect(gone).to.deep.equal([{ kind: 'pod', id: { name: 'pod' } }]);
  });

  it('deletes as another kind what only the cluster could delete in order, without what that order wanted', () => {
    const { folded, gone } = foldedWithoutCluster(lookup, [[made('app')], [made('hold')]]);
    expect(folded).to.deep.equal([[{ ...made('app'), kind: 'app-alone' }], []]);
    expect(gone).to.deep.equal([]);
  });

  it('gives back as ever what was there before the run and lies outside of it', () => {
    const changed = ['app', 'hold'].map((kind) => ({ ...made(kind), before: { is: 'theirs' } }));
    expect(foldedWithoutCluster(lookup, [changed]).folded).to.deep.equal([changed]);
  });

  it('keeps the waits and other things that a step describes itself', () => {
    const wait = { wait: 'merged', title: 'Merged', args: null, expectedSeconds: 1, limitSeconds: 2 };
    const described = (kind: string) => ({ kind, id: { name: kind }, desired: null });
    const { description, gone } = describedWithoutCluster(lookup, [described('pod'), [described('app'), wait]]);
    expect(description).to.deep.equal([[], [described('app'), wait]]);
    expect(gone).to.deep.equal([{ kind: 'pod', id: { name: 'pod' } }]);
  });
});
