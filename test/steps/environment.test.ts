import { expect } from 'chai';
import { answerSeconds, clockScale, refuseUnverifiedTls } from '../../steps/environment.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import { failure } from '../failure.ts';

const estate = { argocd: { url: 'https://argocd.example.com' }, gitlab: { url: 'https://gitlab.example.com' } } as Pick<
  Estate,
  'argocd' | 'gitlab'
>;
const sandbox = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4000', ARGOCD_SERVER: 'http://localhost:4001', GITLAB_HOST: 'http://[::1]:4002' };

describe('the clock scale', () => {
  it('is 1 unless asked for', () => {
    expect(clockScale({}, estate)).to.equal(1);
  });

  it('is taken where every endpoint is on loopback', () => {
    expect(clockScale({ ...sandbox, EKS_DR_CLOCK_SCALE: '40' }, estate)).to.equal(40);
  });

  it('is refused when an endpoint is real, and names it', async () => {
    const { GITLAB_HOST: _, ...rest } = sandbox;
    const error = await failure('environment-refused', () => clockScale({ ...rest, EKS_DR_CLOCK_SCALE: '40' }, estate));
    expect(error.message).to.include('GITLAB_HOST').and.include('gitlab.example.com');
  });

  it('asks for Vault on loopback only where the estate has Vault', async () => {
    const vault = { address: 'https://vault.example.com' } as NonNullable<Estate['vault']>;
    const error = await failure('environment-refused', () => clockScale({ ...sandbox, EKS_DR_CLOCK_SCALE: '40' }, { ...estate, vault }));
    expect(error.message).to.include('VAULT_ADDR (https://vault.example.com)');
    expect(clockScale({ ...sandbox, VAULT_ADDR: 'http://127.0.0.1:4003', EKS_DR_CLOCK_SCALE: '40' }, { ...estate, vault })).to.equal(40);
  });

  it('is refused when AWS would be real, even for one service', async () => {
    const { AWS_ENDPOINT_URL: _, ...rest } = sandbox;
    await failure('environment-refused', () => clockScale({ ...rest, EKS_DR_CLOCK_SCALE: '40' }, estate));
    const mixed = { ...sandbox, AWS_ENDPOINT_URL_EKS: 'https://eks.eu-west-1.amazonaws.com', EKS_DR_CLOCK_SCALE: '40' };
    await failure('environment-refused', () => clockScale(mixed, estate));
  });

  it('is refused when it is not a number from 1 to 1000', async () => {
    for (const text of ['fast', '0', '-1', '1e9']) {
      await failure('input-invalid', () => clockScale({ ...sandbox, EKS_DR_CLOCK_SCALE: text }, estate));
    }
  });
});

describe('an environment', () => {
  it('is refused when it switches the verification of TLS off', async () => {
    const error = await failure('environment-refused', () =>
      refuseUnverifiedTls({ NODE_TLS_REJECT_UNAUTHORIZED: '0', VAULT_SKIP_VERIFY: 'true' }),
    );
    expect(error.message).to.include('NODE_TLS_REJECT_UNAUTHORIZED').and.include('VAULT_SKIP_VERIFY');
  });

  it('may set the same variables to harmless values', () => {
    refuseUnverifiedTls({ NODE_TLS_REJECT_UNAUTHORIZED: '1', GIT_SSL_NO_VERIFY: 'false', VAULT_SKIP_VERIFY: '' });
  });
});

describe('the time to answer', () => {
  it('is half a minute unless a slow line needs more', () => {
    expect(answerSeconds({})).to.equal(30);
    expect(answerSeconds({ EKS_DR_ANSWER_SECONDS: '120' })).to.equal(120);
  });

  it('is refused when it is no number of seconds that anybody could mean', async () => {
    for (const text of ['0', '-1', 'soon', '601']) {
      const error = await failure('input-invalid', () => answerSeconds({ EKS_DR_ANSWER_SECONDS: text }));
      expect(error.message).to.include(text);
    }
  });
});
