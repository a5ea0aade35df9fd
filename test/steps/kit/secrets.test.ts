import { expect } from 'chai';
import { compare } from '../../../steps/kit/driver.ts';
import { createSecrets, holdsMac } from '../../../steps/kit/secrets.ts';
import { failure } from '../../failure.ts';

const values: Record<string, string> = { 'env:LICENSE': 'a-licence', 'env:OTHER': 'a-licence' };
const secrets = createSecrets('a key', async (ref) => values[ref]);

describe('a secret field', () => {
  it('does not hold the value', async () => {
    expect(JSON.stringify(await secrets.field('env:LICENSE'))).to.not.include('a-licence');
  });

  it('compares by value, whatever the reference', async () => {
    const [one, other] = [await secrets.field('env:LICENSE'), await secrets.field('env:OTHER')];
    expect(compare({ key: one }, { before: null, after: { key: other } })).to.equal('after');
    expect(compare({ key: { ref: null, mac: secrets.mac('rotated') } }, { before: null, after: { key: other } })).to.equal('elsewhere');
  });

  it('is recognised in a state, so that a plan is bound to its key', async () => {
    expect(holdsMac({ data: [{ key: await secrets.field('env:LICENSE') }] })).to.equal(true);
    expect(holdsMac({ mac: 'of a network card' })).to.equal(false);
  });

  it('has another MAC and key id under another key', () => {
    const other = createSecrets('another key', async () => undefined);
    expect(other.mac('x')).to.not.equal(secrets.mac('x'));
    expect(other.keyId).to.not.equal(secrets.keyId);
  });

  it('names the reference that has no value', async () => {
    const error = await failure('environment-missing', secrets.field('env:MISSING'));
    expect(error.message).to.include('env:MISSING');
  });

  it('asks for the key only when it is needed', async () => {
    const keyless = createSecrets(undefined, async () => 'value');
    expect(await keyless.value('env:LICENSE')).to.equal('value');
    const error = await failure('environment-missing', keyless.field('env:LICENSE'));
    expect(error.message).to.include('EKS_DR_DIGEST_KEY');
  });
});
