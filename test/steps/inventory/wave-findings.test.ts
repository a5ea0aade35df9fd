import { expect } from 'chai';
import { waveFindings } from '../../../steps/inventory/wave-findings.ts';
import { estateWith } from '../context.ts';

describe('what preflight finds in the waves of an estate', () => {
  const inventory = { services: [{ name: 'web' }, { name: 'db' }] };
  const found = (change: object) =>
    waveFindings(inventory, { services: { ...estateWith().services, ...change } }).map(({ severity, message }) => [severity, message]);

  it('is nothing where all services that they name are on the primary', () => {
    expect(found({})).to.deep.equal([]);
    expect(found({ after: { web: ['db'] } })).to.deep.equal([]);
  });

  it('is a warning with those that are not', () => {
    const message = 'The waves of the estate name services that are not on the primary: queue.';
    expect(found({ after: { web: ['db', 'queue'] } })).to.deep.equal([['warning', message]]);
    expect(found({ waves: [{ tiers: [], services: ['queue', 'db'] }] })).to.deep.equal([['warning', message]]);
  });
});
