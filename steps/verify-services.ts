import * as z from 'zod';
import { awaitServices } from './await-services.ts';
import { reads } from './cluster-rights.ts';
import { createCluster } from './create-cluster.ts';
import { describeKey, type EndpointKey, type EndpointPair, mapEndpoints, type NewEndpoint, sameKey } from './endpoints/endpoint-map.ts';
import { expectations, type RecoveredService } from './endpoints/expectations.ts';
import { checkedLoadBalancers, withListeners } from './endpoints/load-balancers.ts';
import { probeEndpoints } from './endpoints/probe-endpoints.ts';
import type { HttpProbe } from './estate/policy.ts';
import { type InjectionGap, injectionGaps } from './health/injection.ts';
import { installIstio } from './install-istio.ts';
import { EksDrError, gather } from './kit/errors.ts';
import { openMergeRequest } from './open-merge-request.ts';
import { defineStep } from './step.ts';
import { takeInventory } from './take-inventory.ts';
import { endpointsAnswer } from './waits/endpoints-answer.ts';
import { loadBalancersHealthy } from './waits/load-balancers-healthy.ts';

const place = z.object({
  dnsName: z.string(),
  zoneId: z.string(),
  arn: z.string(),
  listeners: z.array(z.object({ arn: z.string(), protocol: z.string(), port: z.number() })),
});
const key = { stack: z.string(), type: z.enum(['network', 'application']), scheme: z.enum(['internet-facing', 'internal']) };

export const verifyServices = defineStep({
  id: 'verify-services',
  title: 'Verify that every endpoint has its successor, and every pod what was to be injected',
  needs: { inventory: takeInventory, created: createCluster, opened: openMergeRequest, awaited: awaitServices, istio: installIstio },
  reads: ['services'],
  outputs: z.object({
    endpoints: z.array(
      z.object({
        ...key,
        old: place,
        new: place,
      }),
    ),
    /** Old endpoints without a successor, and why that is accepted. Their records stay as they are. */
    leftOut: z.array(z.object({ ...key, dnsName: z.string(), reason: z.string() })),
  }),
  drivers: [],
  waits: [loadBalancersHealthy, endpointsAnswer],
  checks: [],
  onCluster: [...reads('', 'pods', 'namespaces'), ...reads('admissionregistration.k8s.io', 'mutatingwebhookconfigurations')],

  describe({ estate, needs }) {
    const expect = expectationsOf(needs);
    const expected = needs.inventory.loadBalancers
      .filter((endpoint) => expect(endpoint).kind === 'required')
      .map(({ stack, type, scheme }) => ({ stack, type, scheme }));
    for (const way of waysOf(needs.istio)) if (!expected.some((one) => sameKey(one, way))) expected.push(way);
    const { region, cluster } = needs.created;
    const probes = probesFor(estate.services.probes, needs);
    return [
      ...(expected.length === 0 ? [] : [loadBalancersHealthy.for({ region, cluster, expected })]),
      ...(probes.length === 0 ? [] : [endpointsAnswer.for({ region, cluster, probes: [...probes] })]),
    ];
  },

  async finish({ estate, clients, log, needs }) {
    const { region, cluster } = needs.created;
    const elb = await clients.elb(region);
    const [fresh, uninjected] = await Promise.all([
      checkedLoadBalancers(elb, cluster).then((balancers) => withListeners(elb, balancers)),
      injectionGaps(await clients.kubernetes({ region, cluster })),
    ]);
    const { pairs, leftOut, gaps } = mapEndpoints(needs.inventory.loadBalancers, fresh, expectationsOf(needs));
    for (const { stack, dnsName, reason } of leftOut)
      log.warn(`Left out: ${dnsName} of ${stack}: ${reason}. Its records stay as they are.`);
    const probes = probesFor(estate.services.probes, needs);
    for (const { name, stack } of estate.services.probes.filter((one) => !probes.includes(one)))
      log.warn(`Left out: the probe ${name}: the services behind ${stack} are not recovered, or were accepted as unhealthy.`);
    const silent = probes.length === 0 ? [] : await probeEndpoints(await clients.endpoint(), probes, fresh);
    const idle = idleWays(waysOf(needs.istio), fresh);
    const errors: EksDrError[] = [];
    if (idle.length > 0) errors.push(takesNoTraffic(idle, cluster));
    if (gaps.length > 0) {
      errors.push(
        new EksDrError('endpoint-unmapped', {
          message: `${gaps.length} of ${needs.inventory.loadBalancers.length} endpoints of the primary have no good successor on ${cluster}: ${gaps.join('; ')}.`,
          target: cluster,
        }),
      );
    }
    if (silent.length > 0) errors.push(unanswered(silent, probes.length, cluster));
    if (uninjected.length > 0) errors.push(notInjected(uninjected, cluster));
    if (errors.length > 0) throw gather(errors);
    return { endpoints: pairs.map(mutable), leftOut: [...leftOut] };
  },
});

function mutable({ old, new: fresh, ...key }: EndpointPair) {
  return { ...key, old: { ...old, listeners: [...old.listeners] }, new: { ...fresh, listeners: [...fresh.listeners] } };
}

const SHOWN = 10;

function notInjected(gaps: readonly InjectionGap[], cluster: string): EksDrError {
  const words = { 'istio-proxy': 'the Istio sidecar', 'vault-agent': 'the secrets of Vault' } as const;
  const shown = gaps.slice(0, SHOWN).map(({ namespace, pod, missing }) => `${namespace}/${pod} without ${words[missing]}`);
  const more = gaps.length > SHOWN ? ` and ${gaps.length - SHOWN} more` : '';
  const namespaces = [...new Set(gaps.map(({ namespace }) => namespace))];
  return new EksDrError('unhealthy', {
    message: `Made while an injector was away, and running on ${cluster} without what it brings: ${shown.join(', ')}${more}.`,
    target: cluster,
    remedy: `Make their pods anew, then run the step again: kubectl rollout restart deployment,statefulset,daemonset -n <namespace>, for ${namespaces.join(', ')}.`,
  });
}

/** The load balancers before Istio: services behind it need them, whatever the primary's were. */
function waysOf({ loadBalancers }: { readonly loadBalancers: readonly EndpointKey[] }): EndpointKey[] {
  return loadBalancers.map(({ stack, type, scheme }) => ({ stack, type, scheme }));
}

/** Those of them that can't take traffic, and why. */
function idleWays(wanted: readonly EndpointKey[], fresh: readonly NewEndpoint[]): string[] {
  return wanted.flatMap((way) => {
    const balancer = fresh.find((one) => sameKey(one, way));
    const problem = balancer === undefined ? 'there is none any more' : balancer.problem;
    return problem === null ? [] : [`${describeKey(way)}: ${problem}`];
  });
}

function takesNoTraffic(idle: readonly string[], cluster: string): EksDrError {
  return new EksDrError('unhealthy', {
    message: `Load balancers before Istio on ${cluster} can't take traffic: ${idle.join('; ')}.`,
    target: cluster,
    remedy: 'Look at the events of its Service or Ingress and at the readiness of the gateway, then run the step again.',
  });
}

function unanswered(silent: readonly string[], total: number, cluster: string): EksDrError {
  return new EksDrError('unhealthy', {
    message: `${silent.length} of ${total} probes fail through the load balancers of ${cluster}: ${silent.join('; ')}.`,
    target: cluster,
    remedy:
      'Look at the listeners and certificates of the load balancer, at the routes behind it (Ingress, VirtualService) and at its security groups, then run the step again.',
  });
}

/** Probes count as endpoints do: not where what they ask is not recovered, or was accepted as unhealthy. */
function probesFor(probes: readonly HttpProbe[], needs: Needed & { readonly istio: Parameters<typeof waysOf>[0] }): readonly HttpProbe[] {
  const expect = expectationsOf(needs);
  const ways = waysOf(needs.istio).map(({ stack }) => stack);
  // Only the stack decides.
  return probes.filter(
    ({ stack }) =>
      stack === undefined || ways.includes(stack) || expect({ stack, type: 'network', scheme: 'internal' }).kind === 'required',
  );
}

interface Needed {
  readonly inventory: { readonly services: readonly { readonly name: string; readonly namespace: string }[] };
  readonly opened: { readonly services: readonly { readonly name: string; readonly namespace: string }[] };
  readonly awaited: { readonly services: readonly { readonly name: string; readonly status: string }[] };
}

function expectationsOf({ inventory, opened, awaited }: Needed): (endpoint: EndpointKey) => ReturnType<ReturnType<typeof expectations>> {
  const status = new Map(awaited.services.map((service) => [service.name, service.status]));
  const recovered = opened.services.map(
    ({ name, namespace }): RecoveredService => ({ name, namespace, healthy: status.get(name) === 'healthy' }),
  );
  const names = new Set(recovered.map(({ name }) => name));
  const others = inventory.services.filter(({ name }) => !names.has(name));
  return expectations(recovered, others.length === 0, others);
}
