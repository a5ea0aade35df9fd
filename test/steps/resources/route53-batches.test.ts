import type { Change } from '@aws-sdk/client-route-53';
import { expect } from 'chai';
import { batches } from '../../../steps/resources/route53-batches.ts';

function swap(name: string, values: string[]): Change[] {
  const set = { Name: name, Type: 'A' as const, TTL: 60, ResourceRecords: values.map((Value) => ({ Value })) };
  return [
    { Action: 'DELETE', ResourceRecordSet: set },
    { Action: 'CREATE', ResourceRecordSet: set },
  ];
}

describe('batches of Route 53 changes', () => {
  it('carry as many records as the API allows', () => {
    const made = batches(Array.from({ length: 500 }, (_, index) => swap(`n${index}.example.com`, ['192.0.2.1'])));
    expect(made.map(({ length }) => length)).to.deep.equal([1000]);
  });

  it('never carry more than 1,000 records', () => {
    const made = batches(Array.from({ length: 501 }, (_, index) => swap(`n${index}.example.com`, ['192.0.2.1'])));
    expect(made.map(({ length }) => length)).to.deep.equal([1000, 2]);
  });

  it('never carry more than 32,000 characters of values', () => {
    const made = batches([swap('a.example.com', ['x'.repeat(10_000)]), swap('b.example.com', ['x'.repeat(10_000)])]);
    expect(made.map(({ length }) => length)).to.deep.equal([2, 2]);
  });

  it('keep the DELETE and the CREATE of a record together', () => {
    const made = batches(Array.from({ length: 700 }, (_, index) => swap(`n${index}.example.com`, ['192.0.2.1'])));
    for (const batch of made) {
      const names = (action: string) => batch.filter(({ Action }) => Action === action).map((change) => change.ResourceRecordSet?.Name);
      expect(names('DELETE')).to.deep.equal(names('CREATE'));
    }
  });

  it('are none for no changes', () => {
    expect(batches([])).to.deep.equal([]);
  });
});
