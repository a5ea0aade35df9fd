import * as z from 'zod';
import { EksDrError, type ErrorCode } from '../kit/errors.ts';
import { brief } from '../kit/text.ts';
import { networkReason } from './network-reason.ts';

/** What was asked of AWS when it failed. */
export interface AwsCall {
  readonly service: string;
  readonly region: string;
  readonly operation: string;
}

/** The part of an SDK exception that we read. */
interface AwsFailure {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: { readonly throttling?: boolean };
}

const credentials =
  /^(CredentialsProviderError|ExpiredToken(Exception)?|RequestExpired|InvalidClientTokenId|UnrecognizedClientException|TokenRefreshRequired)$/;
const denied =
  /^(AccessDenied\w*|UnauthorizedOperation|UnauthorizedException|AuthFailure|NotAuthorized\w*|OptInRequired|InvalidSignatureException|SignatureDoesNotMatch|MissingAuthenticationToken\w*)$/;
const throttled =
  /^(Throttl\w*|ThrottledException|RequestLimitExceeded|RequestThrottled\w*|TooManyRequests\w*|PriorRequestNotComplete|BandwidthLimitExceeded|SlowDown|ProvisionedThroughputExceeded\w*)$/;
const conflicting =
  /^(\w*Conflict\w*|ResourceInUse\w*|ConcurrentModification\w*|EntityAlreadyExists\w*|(\w+\.)?Duplicate\w*|\w*AlreadyExists\w*|DependencyViolation|HealthCheckVersionMismatch)$/;
// Route 53 answers a batch whose old record is gone or changed, or whose new record is there, with InvalidChangeBatch.
const batchConflict = /but it was not found|already exists|do not match the current values|provided values do not match/i;
const network =
  /^(ECONN\w*|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|CERT_\w*|\w*SELF_SIGNED\w*|UNABLE_TO_\w*|ERR_TLS\w*)$/;

/** Any failure of an AWS call, in words for people; the SDK's exception stays as `cause` for `awsErrorName`. */
export function translateAwsError(thrown: unknown, call: AwsCall): EksDrError {
  if (thrown instanceof EksDrError) return thrown;
  const failure = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as AwsFailure;
  const code = errorCodeOf(failure);
  const target = `${call.service}:${call.operation} in ${call.region}`;
  const words =
    thrown instanceof Error && failure.name === 'Error'
      ? [networkReason(thrown)]
      : [failure.name, failure.message].filter((word) => word !== undefined && word !== '');
  return new EksDrError(code, {
    message: `AWS ${target} failed: ${sentence(brief(words.join(': ') || String(thrown)))}`,
    target,
    remedy: remedyOf(code, call),
    cause: thrown,
  });
}

/** As much of an HTTP answer as tells whether AWS gave it. */
const httpAnswer = z.object({
  response: z.object({ statusCode: z.number(), headers: z.record(z.string(), z.string()) }),
});

// AWS names every request in one of these headers: where the SDKs look for it, too.
const REQUEST_ID = ['x-amzn-requestid', 'x-amzn-request-id', 'x-amz-request-id'];

const FILES = ['s3:GetObject', 'apigateway:ExportApi', 'apigateway:GetExport'];

/**
 * An error when somebody else answered in the place of AWS: the login page of a proxy, say, or its JSON. The SDK takes every XML and JSON
 * for an answer, and reads a list that is not in it as an empty list. A server error is left to the SDK, which tries again.
 */
export function foreignAnswer(answer: unknown, call: AwsCall): EksDrError | null {
  const { response } = httpAnswer.safeParse(answer).data ?? {};
  if (response === undefined || response.statusCode >= 500) return null;
  const type = response.headers['content-type'] ?? '';
  // An object of S3 has the type that its writer gave it, and an exported API comes as a file.
  const isFile = FILES.includes(`${call.service}:${call.operation}`) && response.statusCode < 300;
  const foreignType = type !== '' && !isFile && !/[/+.-](xml|json|cbor)/i.test(type);
  if (!foreignType && REQUEST_ID.some((name) => name in response.headers)) return null;
  const target = `${call.service}:${call.operation} in ${call.region}`;
  const what = foreignType ? `, ${brief(type, 80)}) is not AWS, which answers in XML or JSON` : ') is not AWS, which names every request';
  return new EksDrError('remote-answer-invalid', {
    message: `AWS ${target}: what answered (status ${response.statusCode}${what}.`,
    target,
  });
}

/** The name of the AWS exception behind an error (`ResourceNotFoundException`), or undefined when there is none. */
export function awsErrorName(thrown: unknown): string | undefined {
  const cause = thrown instanceof EksDrError ? thrown.cause : thrown;
  return cause instanceof Error && '$metadata' in cause ? cause.name : undefined;
}

/** Whether AWS calls an error so, with or without the `Exception` that SDKs put behind it. */
export function isAwsError(thrown: unknown, name: string): boolean {
  return plainErrorName(thrown) === name;
}

/** Whether AWS refused a request for its rate alone. */
export function isThrottled(thrown: unknown): boolean {
  return throttled.test(awsErrorName(thrown) ?? '');
}

function plainErrorName(thrown: unknown): string | undefined {
  return awsErrorName(thrown)?.replace(/Exception$/, '');
}

/** Awaits an AWS answer; a refusal under one of these names (without `Exception`) is thrown in the words of its explanation. */
export async function explaining<T>(
  answer: Promise<T>,
  explanations: Readonly<Record<string, (error: EksDrError) => EksDrError | Promise<EksDrError>>>,
): Promise<T> {
  try {
    return await answer;
  } catch (thrown) {
    const explain = explanations[plainErrorName(thrown) ?? ''];
    if (!(thrown instanceof EksDrError) || explain === undefined) throw thrown;
    throw await explain(thrown);
  }
}

/** Awaits an AWS answer; null where the service says that there is no such thing (under one of these exception names). */
export async function unlessMissing<T>(answer: Promise<T>, ...names: readonly string[]): Promise<T | null> {
  try {
    return await answer;
  } catch (thrown) {
    if (names.includes(awsErrorName(thrown) ?? '')) return null;
    throw thrown;
  }
}

function errorCodeOf(failure: AwsFailure): ErrorCode {
  const name = failure.name ?? '';
  const status = failure.$metadata?.httpStatusCode;
  if (credentials.test(name)) return 'credentials-missing';
  if (throttled.test(name) || failure.$retryable?.throttling === true || status === 429) return 'remote-unavailable';
  if (denied.test(name) || status === 401 || status === 403) return 'permission-denied';
  if (name === 'InvalidChangeBatch' && batchConflict.test(failure.message ?? '')) return 'conflict';
  if (conflicting.test(name) || status === 409 || status === 412) return 'conflict';
  if (name === 'SyntaxError') return 'remote-answer-invalid';
  if (status === undefined)
    return name === 'TimeoutError' || name === 'AbortError' || network.test(failure.code ?? '') ? 'remote-unavailable' : 'bug';
  if (status >= 500) return 'remote-unavailable';
  if (status >= 400) return 'remote-refused';
  return 'remote-answer-invalid';
}

function remedyOf(code: ErrorCode, call: AwsCall): string | undefined {
  if (code === 'credentials-missing')
    return 'Provide valid AWS credentials (a role, a profile, or AWS_ACCESS_KEY_ID with its secret), then run the step again.';
  if (code === 'permission-denied') return `Allow ${actionOf(call)} to the identity that runs the step, then run it again.`;
  return undefined;
}

/** As IAM calls it. */
function actionOf({ service, operation }: AwsCall): string {
  if (service === 's3' && operation === 'HeadBucket') return 's3:ListBucket';
  return `${service === 'elb' ? 'elasticloadbalancing' : service}:${operation}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
