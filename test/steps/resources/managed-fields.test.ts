import { expect } from 'chai';
import { ownedPart } from '../../../steps/resources/managed-fields.ts';

describe('the part of an object that a field manager owns', () => {
  it('is nothing without a set', () => {
    expect(ownedPart({ a: 1 }, null)).to.equal(undefined);
  });

  it('holds owned fields and no others', () => {
    const live = { metadata: { name: 'shop', labels: { team: 'a', other: 'b' } }, spec: { x: 1 } };
    expect(ownedPart(live, { 'f:metadata': { 'f:labels': { '.': {}, 'f:team': {} } } })).to.deep.equal({
      metadata: { labels: { team: 'a' } },
    });
  });

  it('takes a field that is owned as a whole with all that is in it', () => {
    const live = { roleRef: { kind: 'ClusterRole', name: 'x' }, subjects: [{ kind: 'ServiceAccount', name: 'y' }] };
    expect(ownedPart(live, { 'f:roleRef': {}, 'f:subjects': {} })).to.deep.equal(live);
  });

  it('finds list items by their keys', () => {
    const live = {
      containers: [
        { name: 'a', image: 'x:1', env: [] },
        { name: 'b', image: 'y:1' },
      ],
    };
    const fields = { 'f:containers': { 'k:{"name":"a"}': { '.': {}, 'f:name': {}, 'f:image': {} } } };
    expect(ownedPart(live, fields)).to.deep.equal({ containers: [{ name: 'a', image: 'x:1' }] });
  });

  it('finds members of sets by their value', () => {
    expect(ownedPart({ finalizers: ['a', 'b'] }, { 'f:finalizers': { '.': {}, 'v:"b"': {} } })).to.deep.equal({ finalizers: ['b'] });
  });

  it('leaves out fields that are gone', () => {
    expect(ownedPart({ metadata: { labels: {} } }, { 'f:metadata': { 'f:labels': { 'f:team': {} } } })).to.deep.equal({
      metadata: { labels: {} },
    });
  });
});
