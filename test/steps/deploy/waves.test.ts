import { expect } from 'chai';
import { rootsOf } from '../../../steps/deploy/root-application.ts';
import { type WaveRules, waveNumber } from '../../../steps/deploy/waves.ts';

const tiers: WaveRules['tiers'] = [
  { name: 'critical', require: 'all' },
  { name: 'batch', require: '80%' },
];
const none: WaveRules = { waves: [], after: {}, tiers };

describe('the wave of a service', () => {
  const number = (name: string, tier: string, rules: Partial<WaveRules>) => waveNumber({ name, tier }, { ...none, ...rules });

  it('is none where the estate has no waves', () => {
    expect(number('web', 'critical', {})).to.equal(null);
  });

  it('is that which names it, else that of its tier, else the last', () => {
    const waves = [
      { tiers: ['batch'], services: [] },
      { tiers: [], services: ['web'] },
    ];
    expect(number('web', 'batch', { waves })).to.equal(2);
    expect(number('export', 'batch', { waves })).to.equal(1);
    expect(number('api', 'critical', { waves })).to.equal(3);
  });

  it('is that of the last tier where its own is unknown, as the policy counts it', () => {
    expect(number('odd', 'no-tier', { waves: [{ tiers: ['batch'], services: [] }] })).to.equal(1);
  });

  it('comes after all that it waits for', () => {
    const after = { web: ['api', 'cache'], api: ['db'], constructor: ['web'] };
    expect(['db', 'cache', 'api', 'web', 'constructor', 'toString'].map((name) => number(name, 'critical', { after }))).to.deep.equal([
      1, 1, 2, 3, 4, 1,
    ]);
  });
});

describe('the root applications', () => {
  it('are one for the whole folder without waves', () => {
    const services = [{ wave: null }];
    expect(rootsOf('shop-1', 'recovery/shop-1', services)).to.deep.equal([{ name: 'shop-1-root', folder: 'recovery/shop-1', services }]);
  });

  it('are one for the whole folder where waves have nothing to start', () => {
    expect(rootsOf('shop-1', 'recovery/shop-1', []).map(({ folder }) => folder)).to.deep.equal(['recovery/shop-1']);
  });

  it('are one for each wave that has a service of the run, under its number in the estate', () => {
    const services = [{ wave: 3 }, { wave: 1 }, { wave: 3 }];
    expect(rootsOf('shop-1', 'recovery/shop-1', services).map(({ name, folder }) => [name, folder])).to.deep.equal([
      ['shop-1-root-1', 'recovery/shop-1/wave-1'],
      ['shop-1-root-3', 'recovery/shop-1/wave-3'],
    ]);
  });
});
