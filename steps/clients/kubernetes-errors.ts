import * as z from 'zod';
import { EksDrError, type ErrorCode } from '../kit/errors.ts';
import { brief } from '../kit/text.ts';

/** The part of a `Status` answer that we read. */
const statusAnswer = z.object({
  reason: z.string().optional(),
  message: z.string().optional(),
  details: z.object({ causes: z.array(z.object({ reason: z.string().optional() })).optional() }).optional(),
});

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly endpoint: string;
}

/**
 * Server-side apply of an object that its type doesn't allow (an unknown field, a value of another type) is a 500, and stays one
 * (k8s.io/apimachinery, pkg/util/managedfields).
 */
const UNREADABLE = /^failed to (?:create typed patch object|convert new object) /;

/** The error for an answer outside 2xx. */
export function kubernetesFailure(status: number, json: unknown, text: string, asked: Asked): EksDrError {
  const { data } = statusAnswer.safeParse(json);
  const terminating = data?.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') === true;
  const unreadable = status === 500 && UNREADABLE.test(data?.message ?? '');
  const code = terminating ? 'conflict' : unreadable ? 'remote-refused' : codeOf(status, data !== undefined);
  const words = brief(data?.message ?? text);
  return new EksDrError(code, {
    message: `Kubernetes ${asked.method} ${asked.path} at ${asked.endpoint} failed with ${status}: ${words || (data?.reason ?? 'no message')}`,
    target: `${asked.method} ${asked.path}`,
    remedy: remedyOf(status, code, data?.message ?? ''),
  });
}

/** The error for a request that got no answer. */
export function unreachable(thrown: unknown, asked: Asked): EksDrError {
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  return new EksDrError('remote-unavailable', {
    message: `Kubernetes ${asked.method} ${asked.path} at ${asked.endpoint} got no answer: ${brief(words)}`,
    target: asked.endpoint,
    cause: thrown,
  });
}

function codeOf(status: number, isStatus: boolean): ErrorCode {
  if (status === 401) return 'login-refused';
  if (status === 429 || status >= 500) return 'remote-unavailable';
  if (status === 403) return 'permission-denied';
  if (status === 409) return 'conflict';
  if (!isStatus) return 'remote-answer-invalid';
  return 'remote-refused';
}

/** The API server asks a webhook that it can't reach, and refuses what the webhook should have seen: its service and namespace stand in the address. */
const UNCALLED = /failed calling webhook "([^"]+)".*https:\/\/([^./]+)\.([^./]+)\.svc/;

function remedyOf(status: number, code: ErrorCode, message: string): string | undefined {
  const [, webhook, service, namespace] = UNCALLED.exec(message) ?? [];
  if (webhook !== undefined)
    return `Wait until a pod behind the service ${service} in ${namespace} is Ready (kubectl -n ${namespace} get pods) and the control plane reaches it; the webhook ${webhook} lets nothing through before. Then run the step again.`;
  if (status === 401)
    return 'Renew the AWS credentials of this step if they have expired; else give their identity an access entry on the cluster. Then run the step again.';
  if (code === 'conflict') return 'Find out who manages the named fields or object; release it there, then plan again.';
  return undefined;
}
