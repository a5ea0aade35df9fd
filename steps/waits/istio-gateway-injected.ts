import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { gatewayPods } from '../istio/early-pods.ts';
import { defineWait } from '../kit/wait.ts';
import { clusterArgs } from './cluster-args.ts';

const args = clusterArgs.extend({ namespace: z.string(), name: z.string() });

/** The pods of an Istio gateway got their proxy from istiod's injector. One that came before the injector stays without for good. */
export const istioGatewayInjected = defineWait<z.infer<typeof args>, Pick<Clients, 'kubernetes'>>({
  wait: 'istio-gateway-injected',
  args,
  title: ({ cluster, namespace, name }) => `The pods of the gateway ${namespace}/${name} on ${cluster} have their proxy`,
  expectedSeconds: 20,
  limitSeconds: 300,
  everySeconds: 3,
  async look(clients, { region, cluster, namespace, name }) {
    const pods = await gatewayPods(await clients.kubernetes({ region, cluster }), { namespace, name });
    if (pods === null) return { done: false, reason: 'its Deployment does not exist yet' };
    if (pods.early.length > 0) {
      const reason = `${pods.early.join(', ')} came before istiod's injector and can't start (image "auto"): plan this step again, it will have them made anew`;
      return { done: false, failed: true, reason };
    }
    if (pods.injected > 0) return { done: true };
    return { done: false, reason: 'it has no pod yet: where the injector refuses them, the events of its ReplicaSet say so' };
  },
});
