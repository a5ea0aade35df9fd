import { refusal } from './aws/auth-errors.ts';
import { errorResponse } from './aws/protocols.ts';
import type { Port, SandboxRequest, SandboxResponse } from './system.ts';

/** An error in the words of the system behind a port. */
export interface VendorError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}): SandboxResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** gRPC codes as the gateway of Argo CD maps them to HTTP. */
const grpcCodes: Readonly<Record<number, number>> = { 400: 9, 401: 16, 403: 7, 404: 5, 409: 6, 429: 8, 500: 13, 501: 12, 503: 14, 504: 4 };

const kubernetesReasons: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** The answer that the system behind `port` gives for an error. */
export function vendorError(port: Port, request: SandboxRequest, error: VendorError): SandboxResponse {
  const { status, code, message } = error;
  const retryAfter: Record<string, string> = status === 429 ? { 'retry-after': '1' } : {};
  switch (port) {
    case 'aws':
      return errorResponse(request.scope?.service ?? '', { status, code, message, members: {} });
    case 'kubernetes': {
      const reason = code === '' ? (kubernetesReasons[status] ?? 'Unknown') : code;
      const body = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code: status };
      return json(status, body, retryAfter);
    }
    case 'argocd':
      return json(status, { error: message, code: grpcCodes[status] ?? 2, message }, retryAfter);
    case 'gitlab':
      return json(status, { message: code === '' ? `${status} ${message}` : message }, retryAfter);
    case 'vault':
      return json(status, { errors: [message] }, retryAfter);
    case 'control':
      return json(status, { error: message });
  }
}

const throttling: Readonly<Record<string, readonly [status: number, code: string, message: string]>> = {
  ec2: [503, 'RequestLimitExceeded', 'Request limit exceeded.'],
  s3: [503, 'SlowDown', 'Please reduce your request rate.'],
  eks: [429, 'ThrottlingException', 'Rate exceeded'],
  apigateway: [429, 'TooManyRequestsException', 'Too Many Requests'],
};

/** The "too many requests" of the system behind `port`. */
export function throttled(port: Port, request: SandboxRequest): SandboxResponse {
  if (port !== 'aws') return vendorError(port, request, { status: 429, code: '', message: 'Too Many Requests' });
  const [status, code, message] = throttling[request.scope?.service ?? ''] ?? [400, 'Throttling', 'Rate exceeded'];
  return vendorError('aws', request, { status, code, message });
}

const expired = {
  // What aws-iam-authenticator says stays in the log of the API server.
  kubernetes: { status: 401, code: '', message: 'Unauthorized' },
  argocd: { status: 401, code: '', message: 'invalid session: token has invalid claims: token is expired' },
  // Vault tells a token that has ended from one that may not do this by nothing.
  vault: { status: 403, code: '', message: 'permission denied' },
} as const;

/** What the system behind `port` answers once the credentials of a request have expired. */
export function expiredCredentials(port: Port, request: SandboxRequest): SandboxResponse {
  switch (port) {
    case 'aws': {
      const service = request.scope?.service ?? '';
      return errorResponse(service, refusal(service, 'expired-token'));
    }
    case 'gitlab':
      return json(401, {
        error: 'invalid_token',
        error_description: 'Token is expired. You can either do re-authorization or token refresh.',
      });
    case 'control':
      return vendorError(port, request, { status: 401, code: '', message: 'Unauthorized' });
    default:
      return vendorError(port, request, expired[port]);
  }
}
