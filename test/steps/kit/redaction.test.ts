import { expect } from 'chai';
import fc from 'fast-check';
import { REDACTED, redactor, redactWithin } from '../../../steps/kit/redaction.ts';
import { createSecrets } from '../../../steps/kit/secrets.ts';
import { brief } from '../../../steps/kit/text.ts';
import { secretsIn } from '../../canaries.ts';
import { check } from './properties/model/check.ts';

const secret = fc.string({ unit: 'binary-ascii', minLength: 16, maxLength: 40 });
const around = fc.string({ maxLength: 20 });

describe('redaction', () => {
  it('leaves no trace of a secret, whatever it is written as and whatever stands around it', () =>
    check(
      fc.asyncProperty(secret, around, around, async (hidden, before, after) => {
        const redact = redactor([hidden]);
        const base64 = Buffer.from(`${before}${hidden}${after}`).toString('base64');
        for (const form of [hidden, JSON.stringify(hidden), encodeURIComponent(hidden), Buffer.from(hidden).toString('hex'), base64]) {
          expect(secretsIn(redact(`${before}${form}${after}`), [hidden])).to.deep.equal([]);
        }
      }),
      500,
    ));

  it('leaves a text without secrets as it is', () => {
    const text = 'GitLab would not read project 7 (401): 401 Unauthorized; try again…';
    expect(redactor(['glpat-canary-0123456789'])(text)).to.equal(text);
  });

  it('finds the beginning of a secret where a message was cut', () => {
    const cut = brief(`${'x'.repeat(280)} glpat-canary-0123456789`);
    expect(cut).to.contain('glpat-canary');
    expect(redactor(['glpat-canary-0123456789'])(cut)).to.equal(`${'x'.repeat(280)} ${REDACTED}…`);
  });

  it('takes out EKS tokens, of which nobody keeps a list', () => {
    expect(redactor([])('Bearer k8s-aws-v1.aHR0cHM6Ly9zdHM_x-y is unknown')).to.equal(`Bearer ${REDACTED} is unknown`);
  });

  it('looks into every part of a value', () => {
    const redact = redactor(['glpat-canary-0123456789']);
    const value = { a: ['x glpat-canary-0123456789'], b: { c: 'y' }, d: 1, e: null };
    expect(redactWithin(value, redact)).to.deep.equal({ a: [`x ${REDACTED}`], b: { c: 'y' }, d: 1, e: null });
  });

  it('leaves words alone that are too short to be a secret', () => {
    expect(redactor(['admin'])('the admin role')).to.equal('the admin role');
  });

  it('knows the key, the credentials and every value that was asked for', async () => {
    const secrets = createSecrets('digest-key-0123', async () => 'licence-0123456', ['token-0123456789']);
    const text = 'digest-key-0123 token-0123456789 licence-0123456';
    expect(secrets.redact(text)).to.equal(`${REDACTED} ${REDACTED} licence-0123456`);
    await secrets.value('env:LICENCE');
    expect(secrets.redact(text)).to.equal(`${REDACTED} ${REDACTED} ${REDACTED}`);
  });
});
