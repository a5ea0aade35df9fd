import { expect } from 'chai';
import { answerWithin } from '../../../steps/inventory/answer.ts';
import { EksDrError } from '../../../steps/kit/errors.ts';
import { failure } from '../../failure.ts';

const { signal } = new AbortController();

describe('waiting for one system', () => {
  it('gives its answer', async () => {
    expect(await answerWithin(5, 'GitLab', signal, async () => 7)).to.deep.equal({ ok: true, value: 7 });
  });

  it('does not wait for a system that stays silent', async () => {
    const answer = await answerWithin(0.02, 'GitLab', signal, () => new Promise<never>(() => undefined));
    expect(answer.ok ? '' : answer.error.message).to.equal('GitLab did not answer within 0.02 s.');
  });

  it('keeps what went wrong', async () => {
    const error = new EksDrError('permission-denied', { message: 'no' });
    expect(await answerWithin(5, 'GitLab', signal, () => Promise.reject(error))).to.deep.equal({ ok: false, error });
  });

  it('does not hide a bug of ours behind the archive', async () => {
    await answerWithin(5, 'GitLab', signal, () => Promise.reject(new TypeError('oops'))).then(
      () => expect.fail('it was hidden'),
      (thrown: unknown) => expect(thrown).to.be.instanceOf(TypeError),
    );
  });

  it('ends when it is interrupted', async () => {
    await failure(
      'interrupted',
      answerWithin(5, 'GitLab', AbortSignal.abort(), () => Promise.reject(new EksDrError('remote-unavailable', { message: 'aborted' }))),
    );
  });
});
