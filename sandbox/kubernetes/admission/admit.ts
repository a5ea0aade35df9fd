import { readyBackends } from '../controllers/endpoints.ts';
import { failure } from '../failure.ts';
import { at, type KubeObject, listAt, textAt } from '../object.ts';
import { all, type Context, find } from '../store.ts';
import { type AdmissionRequest, isCalled } from './match.ts';
import { withinQuotas } from './quota.ts';
import { serverOf } from './servers.ts';

const GROUP = 'admissionregistration.k8s.io';

/**
 * What the webhooks of a cluster make of an object that is about to be stored: first those that change it, then those that only judge.
 * Throws what the API server answers when one of them can't be called and fails closed, and when a quota is used up.
 */
export function admit(context: Context, request: AdmissionRequest): KubeObject {
  // Nobody could mend a webhook that stands in its own way.
  if (request.type.group === GROUP) return request.object;
  let { object } = request;
  for (const webhook of webhooksOf(context, 'mutatingwebhookconfigurations')) {
    const called = callable(context, webhook, { ...request, object });
    if (called) object = serverOf(textAt(webhook, 'name') ?? '')?.mutate?.(context, object) ?? object;
  }
  for (const webhook of webhooksOf(context, 'validatingwebhookconfigurations')) callable(context, webhook, { ...request, object });
  // A plugin of the API server, the last in its order.
  if (request.operation === 'CREATE' && request.type.group === '' && request.type.kind === 'Pod') withinQuotas(context, object);
  return object;
}

function webhooksOf({ cluster }: Context, plural: string): readonly unknown[] {
  const configurations = all(cluster, `${GROUP}/${plural}`);
  if (configurations.length === 0) return [];
  return configurations
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .flatMap((configuration) => listAt(configuration, 'webhooks'));
}

/** Whether a webhook is asked and answers; throws when it does not and fails closed. */
function callable(context: Context, webhook: unknown, request: AdmissionRequest): boolean {
  if (!isCalled(context, webhook, request)) return false;
  const why = unreachable(context, webhook);
  if (why === null) return true;
  if (textAt(webhook, 'failurePolicy') === 'Ignore') return false;
  const message = `failed calling webhook "${textAt(webhook, 'name')}": failed to call webhook: ${why}`;
  throw failure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
}

function unreachable(context: Context, webhook: unknown): string | null {
  const service = at(webhook, 'clientConfig', 'service');
  if (service === undefined) return null;
  const [namespace, name] = [textAt(service, 'namespace') ?? '', textAt(service, 'name') ?? ''];
  const timeout = at(webhook, 'timeoutSeconds') ?? 10;
  const url = `https://${name}.${namespace}.svc:${at(service, 'port') ?? 443}${textAt(service, 'path') ?? ''}?timeout=${String(timeout)}s`;
  if (find(context.cluster, 'core/services', `${namespace}/${name}`) === undefined) return `Post "${url}": service "${name}" not found`;
  if (readyBackends(context, namespace, name).length === 0) return `Post "${url}": no endpoints available for service "${name}"`;
  const server = serverOf(textAt(webhook, 'name') ?? '');
  const trusted = textAt(webhook, 'clientConfig', 'caBundle') ?? '';
  const isTrusted = server === undefined ? trusted !== '' : trusted === server.ca(context, namespace);
  return isTrusted ? null : `Post "${url}": tls: failed to verify certificate: x509: certificate signed by unknown authority`;
}
