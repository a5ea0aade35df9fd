import type { Addon } from '../addons/addon.ts';
import { isJsonObject, type Json, type JsonObject } from '../kit/json.ts';

/** What the gateway's chart makes of its values, the estate's among them. */
export interface Gateway {
  readonly namespace: string;
  /** Of its Deployment and its Service. */
  readonly name: string;
  /** Labels of its pods, by which Gateway resources choose them. */
  readonly selector: { readonly istio: string };
  readonly service: { readonly type: string; readonly scheme: 'internet-facing' | 'internal' };
}

/** Source: the chart `gateway` of Istio, _helpers.tpl and service.yaml. */
export function gatewayOf({ namespace, release, values }: Addon): Gateway {
  const name = textOf(values.name) ?? release;
  const labels = objectOf(values.labels);
  const service = objectOf(values.service);
  const annotations = { ...objectOf(values.annotations), ...objectOf(service.annotations) };
  return {
    namespace,
    name,
    selector: { istio: textOf(labels.istio) ?? name.replace(/^istio-/, '') },
    service: {
      type: textOf(service.type) ?? 'LoadBalancer',
      scheme: schemeOf(annotations['service.beta.kubernetes.io/aws-load-balancer-scheme']),
    },
  };
}

/** The AWS Load Balancer Controller makes internal load balancers unless told otherwise. */
export function schemeOf(annotation: Json | undefined): 'internet-facing' | 'internal' {
  return annotation === 'internet-facing' ? 'internet-facing' : 'internal';
}

export function objectOf(value: Json | undefined): JsonObject {
  return value !== undefined && isJsonObject(value) ? value : {};
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
