import { expect } from 'chai';
import { nameFindings } from '../../../steps/inventory/name-findings.ts';
import { estateWith } from '../context.ts';
import { INVENTORY } from './example-inventory.ts';

const DRILL = { ...estateWith().drill, services: 'none' as const };

describe('names of services in a run and in the estate', () => {
  it('blocks on services that do not exist, with the name that was meant, and warns of waivers that excuse nothing', () => {
    const waiver = { service: 'crat', reason: 'slow', by: 'ann' };
    const found = nameFindings(INVENTORY, { mode: 'recover', services: ['cart', 'carrt'], waivers: [waiver] }, DRILL);
    expect(found.map(({ check: id, severity }) => `${id} ${severity}`)).to.deep.equal(['services-exist blocker', 'waivers-exist warning']);
    expect(found[0]?.message).to.contain('carrt').and.to.contain('closest name is cart.');
    expect(
      nameFindings(
        INVENTORY,
        { mode: 'drill', services: 'all', waivers: [{ ...waiver, service: 'adhoc' }] },
        { ...DRILL, services: 'all' },
      ),
    ).to.deep.equal([]);
  });

  it('blocks a drill on a slip in the services that must not run, and warns of those that it leaves out', () => {
    const run = { mode: 'drill' as const, services: ['cart'], waivers: [] };
    const found = nameFindings(INVENTORY, run, { ...DRILL, services: { tiers: [], names: ['crat'], except: ['paymnts'] } });
    expect(found.map(({ check: id, severity, message }) => `${id} ${severity}: ${message}`)).to.deep.equal([
      'drill-services-exist warning: drill.services.names names crat, but no application on the primary has that name. The closest name is cart.',
      'drill-services-exist blocker: drill.services.except names paymnts, but no application on the primary has that name. The closest name is cart.',
      'drill-services-allow warning: The run names services that drill.services does not let run in a drill; they are left out: cart.',
    ]);
    expect(nameFindings(INVENTORY, { ...run, mode: 'recover' }, DRILL)).to.deep.equal([]);
  });
});
