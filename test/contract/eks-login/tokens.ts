import { expect } from 'chai';
import type { Assertion, Deviation } from '../contract.ts';
import { refused } from '../kubernetes/things.ts';
import type { TokenRequest } from '../subjects/eks-token.ts';
import { type EksLogin, type Session, sessionWithEntry, signIn } from './subject.ts';

const VERIFIER = 'https://github.com/kubernetes-sigs/aws-iam-authenticator/blob/master/pkg/token/token.go';
const SIGNATURES = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html';
const MINUTE = 60_000;

type Forgery = (login: EksLogin, session: Session) => Partial<TokenRequest>;

/** A token that is taken but for one thing is a 401. */
function forgery(what: string, forge: Forgery, source: string, deviations: Assertion<EksLogin>['deviations'] = {}): Assertion<EksLogin> {
  return {
    title: `a token ${what} is a 401`,
    concern: 'authentication',
    source,
    deviations,
    async holds(login) {
      const session = await sessionWithEntry(login);
      refused(await signIn(login, session, forge(login, session)), 401, 'Unauthorized', 'Unauthorized');
    },
  };
}

const letsIn: Deviation = {
  instead: 'The STS behind it does not compare the region that a signature is for with the host that it is sent to.',
  seen: /AssertionError: .*expected \{ status: 201, kind: 'SelfSubjectReview'/s,
  source: SIGNATURES,
};

export const tokens: readonly Assertion<EksLogin>[] = [
  {
    title: 'a token counts for 15 minutes, whatever X-Amz-Expires says',
    concern: 'authentication',
    source: VERIFIER,
    async holds(login) {
      const session = await sessionWithEntry(login);
      expect((await signIn(login, session, { signedAt: new Date(Date.now() - 14 * MINUTE) })).status).to.equal(201);
    },
  },
  {
    title: 'a token may be signed for the STS of any region of the partition, and for the global one',
    concern: 'authentication',
    source: VERIFIER,
    async holds(login) {
      const session = await sessionWithEntry(login);
      expect((await signIn(login, session, { region: 'us-east-1' })).status).to.equal(201);
      expect((await signIn(login, session, { region: 'us-east-1', host: 'sts.amazonaws.com' })).status).to.equal(201);
    },
  },
  forgery('for another cluster', () => ({ cluster: 'another' }), VERIFIER),
  forgery('that names no cluster', () => ({ cluster: null }), VERIFIER),
  forgery('of more than 15 minutes ago', () => ({ signedAt: new Date(Date.now() - 16 * MINUTE) }), VERIFIER),
  forgery('from the future', () => ({ signedAt: new Date(Date.now() + 60 * MINUTE) }), SIGNATURES),
  forgery('that wants to count for more than 15 minutes', () => ({ expires: 901 }), VERIFIER),
  forgery(
    'signed with another secret',
    (_, { credentials }) => ({ credentials: { ...credentials, secretAccessKey: 'another' } }),
    SIGNATURES,
  ),
  forgery(
    'with the session token of another session',
    (_, { credentials }) => ({ credentials: { ...credentials, sessionToken: 'another' } }),
    SIGNATURES,
  ),
  forgery(
    'without the session token that its key needs',
    (_, { credentials: { accessKeyId, secretAccessKey } }) => ({ credentials: { accessKeyId, secretAccessKey } }),
    SIGNATURES,
  ),
  forgery('that would be sent to another host than STS’s', () => ({ host: 'sts.example.com' }), VERIFIER),
  forgery('for the STS of another partition', () => ({ region: 'cn-north-1', host: 'sts.cn-north-1.amazonaws.com.cn' }), VERIFIER),
  forgery('signed for one region and the host of another', () => ({ host: 'sts.us-east-1.amazonaws.com' }), SIGNATURES, {
    kubernetes: letsIn,
  }),
  forgery('that asks another question', () => ({ query: { Action: 'GetSessionToken' } }), VERIFIER),
  forgery('with a parameter beside the question', () => ({ query: { 'x-id': 'GetCallerIdentity' } }), VERIFIER),
  forgery('for another path', () => ({ path: '/oidc' }), VERIFIER),
];
