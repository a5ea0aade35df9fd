import { expect } from 'chai';
import { EksDrError } from '../../../steps/kit/errors.ts';
import { chooseServices } from '../../../steps/rendering/choose-services.ts';
import { recoveredName } from '../../../steps/rendering/recovered-name.ts';

const services = [
  { name: 'web', tier: 'gold' },
  { name: 'api', tier: 'gold' },
  { name: 'mail', tier: 'bronze' },
];

function choose(mode: 'drill' | 'recover', named: 'all' | string[], rule: Parameters<typeof chooseServices>[2]['services']): string[] {
  return chooseServices(
    services,
    { mode, services: named },
    { services: rule, helmParameters: {}, keepHours: 24, zones: [], apis: [], domains: [], distributions: [] },
  ).map(({ name }) => name);
}

describe('choosing the services of a run', () => {
  it('recovers all of them, or those that the run names, whatever the drill policy says', () => {
    expect(choose('recover', 'all', 'none')).to.deep.equal(['web', 'api', 'mail']);
    expect(choose('recover', ['mail'], 'none')).to.deep.equal(['mail']);
  });

  it('runs nothing unasked in a drill', () => {
    expect(choose('drill', 'all', 'none')).to.deep.equal([]);
    expect(choose('drill', 'all', { tiers: [], names: [], except: [] })).to.deep.equal([]);
  });

  it('runs in a drill what the estate selects by tier and name, without the exceptions', () => {
    expect(choose('drill', 'all', { tiers: ['gold'], names: ['mail'], except: ['api'] })).to.deep.equal(['web', 'mail']);
    expect(choose('drill', ['mail', 'api'], { tiers: ['gold'], names: [], except: [] })).to.deep.equal(['api']);
  });

  it('refuses names that the inventory does not know', () => {
    expect(() => choose('recover', ['web', 'wbe'], 'all')).to.throw(EksDrError, 'wbe');
  });
});

describe('the name of a recovered application', () => {
  it('is the old name with the cluster as suffix', () => {
    expect(recoveredName('web', 'shop-drill-q4')).to.equal('web-shop-drill-q4');
  });

  it('never exceeds 53 characters, and differs for names that differ only at their end', () => {
    const names = ['a', 'b'].map((end) => recoveredName(`${'long-'.repeat(12)}${end}`, 'shop-drill-q4'));
    expect(names.every((name) => name.length <= 53 && /^[a-z0-9-]*[a-z0-9]$/.test(name))).to.equal(true);
    expect(new Set(names).size).to.equal(2);
  });
});
