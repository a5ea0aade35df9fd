import type { Addon } from '../addons/addon.ts';
import { textOf } from './gateway.ts';

/** A webhook configuration of istiod: no pod of a labelled namespace, or no object of Istio, is taken while it has no endpoint. */
export interface IstiodWebhook {
  readonly webhooks: 'mutating' | 'validating';
  readonly name: string;
}

/** Names by the chart `istiod`: with a revision they carry it, and the validator of the chart `base` is none of its business. */
export function istiodWebhooks({ namespace, values }: Addon): IstiodWebhook[] {
  const revision = textOf(values.revision);
  const part = revision === undefined ? '' : `-${revision}`;
  return [
    { webhooks: 'mutating', name: `istio-sidecar-injector${part}` },
    { webhooks: 'validating', name: `istio-validator${part}-${namespace}` },
    ...(revision === undefined ? [{ webhooks: 'validating', name: 'istiod-default-validator' } as const] : []),
  ];
}
