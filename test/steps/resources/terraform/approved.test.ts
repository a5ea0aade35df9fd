import { expect } from 'chai';
import { agrees, notApproved } from '../../../../steps/resources/terraform/approved.ts';
import { UNKNOWN } from '../../../../steps/resources/terraform/mask.ts';
import type { Action, Pending, StackState } from '../../../../steps/resources/terraform/state.ts';

const state = (resources: StackState['resources'], outputs: StackState['outputs'] = []): StackState => ({
  variables: {},
  resources,
  outputs,
});
const planned = (address: string, action: Action, values: StackState['resources'][number]['values'] = null) => ({
  address,
  action,
  values,
});
const pending = (address: string, action: Action, more: Partial<Pending> = {}): Pending => ({
  address,
  action,
  values: null,
  before: null,
  tainted: false,
  base: address,
  ...more,
});
const left = (...resources: Pending[]) => ({ resources, outputs: [] });

describe('what Terraform would do, against what was approved', () => {
  const fresh = {
    before: null,
    after: state([planned('a', 'create', { cidr: '10', id: UNKNOWN }), planned('b', 'create', { vpc: UNKNOWN })]),
  };

  it('is approved when it is all or a part of the approved creations', () => {
    expect(
      notApproved(
        left(pending('a', 'create', { values: { cidr: '10', id: UNKNOWN } }), pending('b', 'create', { values: { vpc: UNKNOWN } })),
        fresh,
      ),
    ).to.deep.equal([]);
    expect(notApproved(left(pending('b', 'create', { values: { vpc: 'vpc-1' } })), fresh)).to.deep.equal([]);
  });

  it('is not approved when a value differs, a thing is added, or another thing is done to it', () => {
    expect(notApproved(left(pending('a', 'create', { values: { cidr: '11' } })), fresh)).to.deep.equal(['create a']);
    expect(notApproved(left(pending('c', 'create')), fresh)).to.deep.equal(['create c']);
    expect(notApproved(left(pending('a', 'update', { values: { cidr: '10' } })), fresh)).to.deep.equal(['update a']);
    expect(notApproved(left(pending('a', 'delete')), fresh)).to.deep.equal(['delete a']);
  });

  it('lets a creation that failed half way be made anew, but replaces nothing else', () => {
    expect(notApproved(left(pending('b', 'replace', { tainted: true, values: { vpc: 'vpc-1' } })), fresh)).to.deep.equal([]);
    expect(notApproved(left(pending('b', 'replace', { values: { vpc: 'vpc-1' } })), fresh)).to.deep.equal(['replace b']);
  });

  it('lets an approved replacement go on, its predecessor gone or waiting', () => {
    const replacing = { before: state([planned('a', 'present', { cidr: '9' })]), after: state([planned('a', 'replace', { cidr: '10' })]) };
    expect(notApproved(left(pending('a', 'create', { values: { cidr: '10' } })), replacing)).to.deep.equal([]);
    expect(notApproved(left(pending('a (deposed 1f)', 'delete', { base: 'a' })), replacing)).to.deep.equal([]);
  });

  it('updates only from the values that the approved plan started from, where they change', () => {
    const updating = {
      before: state([planned('a', 'present', { size: 3, seen: 'x' })]),
      after: state([planned('a', 'update', { size: 5, seen: 'x' })]),
    };
    const update = (before: Pending['before'], values: Pending['values'] = { size: 5, seen: 'x' }) =>
      notApproved(left(pending('a', 'update', { before, values })), updating);
    expect(update({ size: 3, seen: 'x' })).to.deep.equal([]);
    expect(update({ size: 4, seen: 'x' })).to.deep.equal(['update a']);
    expect(update({ size: 3, seen: 'y' }, { size: 5, seen: 'y' })).to.deep.equal(['update a']);
  });

  it('destroys only what was there when that was approved', () => {
    const destroying = { before: state([planned('a', 'present')], [{ name: 'o', action: 'present', value: 1 }]), after: null };
    expect(
      notApproved({ resources: [pending('a', 'delete')], outputs: [{ name: 'o', action: 'delete', value: null }] }, destroying),
    ).to.deep.equal([]);
    expect(notApproved(left(pending('b', 'delete')), destroying)).to.deep.equal(['delete b']);
    expect(notApproved(left(pending('a', 'update')), destroying)).to.deep.equal(['update a']);
  });

  it('lets an output that a crash saved half be completed', () => {
    const outputs = { before: null, after: state([], [{ name: 'o', action: 'create', value: UNKNOWN }]) };
    expect(notApproved({ resources: [], outputs: [{ name: 'o', action: 'update', value: ['x', 'y'] }] }, outputs)).to.deep.equal([]);
    expect(notApproved({ resources: [], outputs: [{ name: 'p', action: 'create', value: 1 }] }, outputs)).to.deep.equal([
      'create output.p',
    ]);
  });

  it('takes a missing value for null, and compares lists by length', () => {
    expect(agrees({ a: 1 }, { a: 1 })).to.equal(true);
    expect(agrees({ a: 1 }, { a: 1, b: 2 })).to.equal(false);
    expect(agrees([1, UNKNOWN], [1, 2])).to.equal(true);
    expect(agrees([1], [1, 2])).to.equal(false);
    expect(agrees('x', { a: 1 })).to.equal(false);
  });
});
