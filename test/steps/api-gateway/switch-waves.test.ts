import { expect } from 'chai';
import { switchWaves } from '../../../steps/api-gateway/switch-waves.ts';
import type { Resource } from '../../../steps/kit/resource.ts';

describe('the waves in which APIs are switched', () => {
  const resource = (kind: string, api: number): Resource => ({ kind, id: { api: String(api) }, desired: {} });
  const apis = (count: number) =>
    Array.from({ length: count }, (_, api) => ({ edits: [resource('edit', api)], deployments: [resource('deployment', api)] }));

  it('edit few APIs first, and publish them all then', () => {
    expect(switchWaves(apis(3)).map((wave) => wave.map(({ kind }) => kind))).to.deep.equal([
      ['edit', 'edit', 'edit'],
      ['deployment', 'deployment', 'deployment'],
    ]);
  });

  it('edit others while those before are published, each once, and none is published before it is edited', () => {
    const waves = switchWaves(apis(50));
    const waveOf = new Map(waves.flatMap((wave, index) => wave.map(({ kind, id }) => [`${kind} ${id.api}`, index] as const)));
    expect(waves.flat()).to.have.length(100);
    expect(waveOf).to.have.property('size', 100);
    for (let api = 0; api < 50; api += 1) expect(waveOf.get(`deployment ${api}`)).to.equal((waveOf.get(`edit ${api}`) ?? 0) + 1);
    for (const wave of waves.slice(1, -1)) expect(new Set(wave.map(({ kind }) => kind)).size).to.equal(2);
  });

  it('are none where nothing leads to the primary, and take no notice of APIs that do not', () => {
    const untouched = { edits: [], deployments: [] };
    expect(switchWaves([untouched, untouched])).to.deep.equal([]);
    expect(switchWaves([untouched, ...apis(1), untouched])).to.have.length(2);
  });
});
