import { type Addon, ourAddon } from '../addons/addon.ts';
import type { Run } from '../kit/run.ts';
import { gatewayService, type Istio } from './gateway-service.ts';

/** The three charts of Istio, in the order in which they are installed. */
export interface IstioAddons {
  readonly base: Addon;
  readonly istiod: Addon;
  readonly gateway: Addon;
}

export async function istioAddons(istio: Istio, run: Pick<Run, 'id'>): Promise<IstioAddons> {
  const { version, repository, values, gatewayNamespace: namespace } = istio;
  const [base, istiod, gateway] = await Promise.all([
    ourAddon('istio-base', {}, { version, repository, values: values.base }),
    ourAddon('istiod', {}, { version, repository, values: values.istiod }),
    ourAddon('istio-ingress', { namespace, service: gatewayService(istio, run) }, { version, repository, values: values.gateway }),
  ]);
  return { base, istiod, gateway };
}
