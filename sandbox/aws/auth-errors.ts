import type { AwsFault } from './fault.ts';
import { type Protocol, protocolOf } from './protocols.ts';

/** Why a request is refused before its service sees it. */
export type Refusal = 'missing' | 'incomplete' | 'unknown-key' | 'wrong-signature' | 'skewed' | 'expired-token' | 'wrong-token' | 'denied';

type Answer = readonly [status: number, code: string];

const query: Readonly<Record<Refusal, Answer>> = {
  missing: [403, 'MissingAuthenticationToken'],
  incomplete: [400, 'IncompleteSignature'],
  'unknown-key': [403, 'InvalidClientTokenId'],
  'wrong-signature': [403, 'SignatureDoesNotMatch'],
  skewed: [403, 'SignatureDoesNotMatch'],
  'expired-token': [403, 'ExpiredToken'],
  'wrong-token': [403, 'InvalidClientTokenId'],
  denied: [403, 'AccessDenied'],
};

/** Codes per protocol, as the services' "common errors" pages list them. */
const answers: Readonly<Record<Protocol, Readonly<Record<Refusal, Answer>>>> = {
  query,
  'rest-xml': query,
  ec2: {
    ...query,
    missing: [400, 'MissingParameter'],
    'unknown-key': [401, 'AuthFailure'],
    'wrong-signature': [401, 'AuthFailure'],
    skewed: [400, 'RequestExpired'],
    'expired-token': [400, 'RequestExpired'],
    'wrong-token': [401, 'AuthFailure'],
    denied: [403, 'UnauthorizedOperation'],
  },
  'rest-json': {
    missing: [403, 'MissingAuthenticationTokenException'],
    incomplete: [403, 'IncompleteSignatureException'],
    'unknown-key': [403, 'UnrecognizedClientException'],
    'wrong-signature': [403, 'InvalidSignatureException'],
    skewed: [403, 'InvalidSignatureException'],
    'expired-token': [403, 'ExpiredTokenException'],
    'wrong-token': [403, 'UnrecognizedClientException'],
    denied: [403, 'AccessDeniedException'],
  },
  s3: {
    missing: [403, 'AccessDenied'],
    incomplete: [400, 'AuthorizationHeaderMalformed'],
    'unknown-key': [403, 'InvalidAccessKeyId'],
    'wrong-signature': [403, 'SignatureDoesNotMatch'],
    skewed: [403, 'RequestTimeTooSkewed'],
    'expired-token': [400, 'ExpiredToken'],
    'wrong-token': [400, 'InvalidToken'],
    denied: [403, 'AccessDenied'],
  },
};

const messages: Readonly<Record<Refusal, string>> = {
  missing: 'Request is missing Authentication Token',
  incomplete: 'The request signature does not conform to AWS standards',
  'unknown-key': 'The security token included in the request is invalid.',
  'wrong-signature':
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
  skewed: 'Signature expired: the difference between the request time and the current time is too large.',
  'expired-token': 'The security token included in the request is expired',
  'wrong-token': 'The security token included in the request is invalid.',
  denied: 'Not authorized',
};

export function refusal(service: string, reason: Refusal, message = messages[reason]): AwsFault {
  const [status, code] = answers[protocolOf(service)][reason];
  return { status, code, message, members: {} };
}
