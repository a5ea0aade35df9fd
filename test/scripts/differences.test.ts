import { expect } from 'chai';
import { differenceText, worldDifferences } from '../../scripts/drill/differences.ts';
import { unexplained } from '../../scripts/drill/exceptions.ts';

describe('comparing two worlds', () => {
  it('finds nothing in equal ones', () => {
    expect(worldDifferences({ a: [1, { b: null }] }, { a: [1, { b: null }] })).to.deep.equal([]);
  });

  it('names the path of each leaf that differs, and of things that exist in one only', () => {
    const before = { iam: { roles: { runner: { path: '/' } } }, s3: { buckets: ['a'] } };
    const after = { iam: { roles: { runner: { path: '/x' }, node: {} } }, s3: { buckets: ['a', 'b'] } };
    expect(worldDifferences(before, after)).to.deep.equal([
      { path: 'iam > roles > node', before: undefined, after: {} },
      { path: 'iam > roles > runner > path', before: '/', after: '/x' },
      { path: 's3 > buckets > b', before: undefined, after: 'b' },
    ]);
  });

  it('takes a list of texts for a set', () => {
    expect(worldDifferences({ keys: ['a', 'b', 'c'] }, { keys: ['b', 'c', 'd'] }).map(({ path }) => path)).to.deep.equal([
      'keys > a',
      'keys > d',
    ]);
  });

  it('lets the empty Terraform state of a drill stay, and nothing else', () => {
    const world = (...keys: string[]) => ({ s3: { buckets: { states: { keys } } } });
    expect(unexplained(worldDifferences(world(), world('eks-dr/drill-20270112-093000.tfstate')))).to.deep.equal([]);
    expect(unexplained(worldDifferences(world(), world('production.tfstate')))).to.have.length(1);
  });

  it('does not take a list for a mapping, nor null for nothing', () => {
    expect(worldDifferences({ a: [] }, { a: {} })).to.have.length(1);
    expect(worldDifferences({ a: null }, {})).to.have.length(1);
  });

  it('cuts long values to a line', () => {
    const text = differenceText({ path: 'a', before: undefined, after: 'x'.repeat(500) });
    expect(text).to.have.length.below(150);
    expect(text).to.match(/^a: \(nothing\) -> "x+\.\.\.$/);
  });
});
