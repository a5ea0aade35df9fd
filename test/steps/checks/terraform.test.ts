import { expect } from 'chai';
import { backendOutsideLostRegion, isOlder, terraformPresent } from '../../../steps/checks/terraform.ts';
import type { Estate } from '../../../steps/estate/estate.ts';
import { EksDrError } from '../../../steps/kit/errors.ts';
import type { Finding } from '../../../steps/kit/step.ts';
import { estateWith, runWith } from '../context.ts';

const { terraform, primary } = estateWith();
const withBackend = (change: Record<string, string>): Estate =>
  estateWith({ terraform: { ...terraform, backend: { bucket: 'b', key: '${run}', ...change } } });

function region(estate: Estate, target = 'frankfurt'): Promise<readonly Finding[]> {
  return backendOutsideLostRegion.run({ estate, run: runWith({ target }) } as never);
}

function version(text: string | EksDrError): Promise<readonly Finding[]> {
  const client = { version: () => (typeof text === 'string' ? Promise.resolve(text) : Promise.reject(text)) };
  return terraformPresent.run({ estate: estateWith(), run: runWith(), clients: { terraform: async () => client } } as never);
}

describe('the checks of Terraform', () => {
  it('block on a program that is missing or older than 1.10', async () => {
    expect(await version('1.10.0')).to.deep.equal([]);
    expect((await version('1.9.8'))[0]).to.include({ severity: 'blocker' });
    const missing = new EksDrError('program-missing', { message: 'It is gone.' });
    expect((await version(missing))[0]).to.include({ severity: 'blocker', message: 'It is gone.' });
  });

  it('compare versions by number, not by text', () => {
    expect(isOlder('1.9.8', '1.10.0')).to.equal(true);
    expect(isOlder('1.10.0', '1.10.0')).to.equal(false);
    expect(isOlder('2.0.0', '1.10.0')).to.equal(false);
    expect(isOlder('1.10.0-rc1', '1.10.0')).to.equal(false);
  });

  it('block on a state in the region that may be lost', async () => {
    expect((await region(withBackend({ region: primary.region })))[0]).to.include({ severity: 'blocker' });
    expect(await region(withBackend({ region: 'eu-central-1' }))).to.deep.equal([]);
  });

  it('let the state lie in the region of the primary when the recovery goes there too', async () => {
    expect(await region(withBackend({ region: primary.region }), 'beside')).to.deep.equal([]);
  });

  it('warn where nobody can tell', async () => {
    expect((await region(withBackend({})))[0]).to.include({ severity: 'warning' });
  });
});
