import type { Json } from '../kit/json.ts';
import type { Run } from '../kit/run.ts';
import type { ParsedManifests } from '../manifests/parse-manifests.ts';
import type { BroughtKinds } from '../manifests/place-manifests.ts';
import type { PlaceholderValues } from '../manifests/placeholders.ts';
import { readManifests } from '../manifests/read-folder.ts';
import { renderManifests, together } from '../manifests/render-manifests.ts';
import type { Gateway } from './gateway.ts';
import { type Istio, READINESS, runTag } from './gateway-service.ts';

/** The kinds that the chart `base` brings. All of their objects lie in namespaces. */
export const istioKinds: BroughtKinds = Object.fromEntries(
  [
    ...[
      'Gateway',
      'VirtualService',
      'DestinationRule',
      'ServiceEntry',
      'Sidecar',
      'WorkloadEntry',
      'WorkloadGroup',
      'EnvoyFilter',
      'ProxyConfig',
    ].map((kind) => `networking.istio.io ${kind}`),
    ...['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication'].map((kind) => `security.istio.io ${kind}`),
    'telemetry.istio.io Telemetry',
    'extensions.istio.io WasmPlugin',
  ].map((kind) => [kind, 'Namespaced']),
);

/** The way in behind the gateway's load balancer: the user's own folder, or a Gateway (and an Ingress) from our templates. */
export function ingressManifests(
  istio: Istio,
  gateway: Gateway,
  options: {
    readonly run: Pick<Run, 'id'>;
    readonly estateFolder: string;
    readonly excludedNamespaces: readonly string[];
    readonly values: PlaceholderValues;
  },
): Promise<ParsedManifests> {
  const { run, estateFolder, excludedNamespaces, values } = options;
  if (istio.manifests !== undefined)
    return readManifests({ folder: istio.manifests, estateFolder, field: 'addons.istio.manifests', excludedNamespaces }, values);
  return ourManifests(istio, gateway, run);
}

async function ourManifests(istio: Istio, { name, namespace, selector }: Gateway, run: Pick<Run, 'id'>): Promise<ParsedManifests> {
  const parsed = await Promise.all([
    ...(istio.hosts.length === 0
      ? []
      : [renderManifests('istio/gateway.yaml.hbs', { name, namespace, selector, servers: serversOf(istio) })]),
    ...(istio.ingress === 'alb'
      ? [renderManifests('istio/ingress.yaml.hbs', { name, namespace, annotations: albAnnotations(istio, run) })]
      : []),
  ]);
  return together(parsed);
}

/** Plain traffic on port 80; TLS that the load balancer passes on is told apart by its server name on port 443. */
function serversOf({ hosts, ingress, certificateArns }: Istio): Json {
  const plain = { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts };
  const passed = { port: { number: 443, name: 'tls', protocol: 'TLS' }, hosts, tls: { mode: 'PASSTHROUGH' } };
  return ingress === 'service' && certificateArns.length === 0 ? [plain, passed] : [plain];
}

/** Annotations: kubernetes-sigs.github.io/aws-load-balancer-controller, guide/ingress/annotations. */
function albAnnotations({ scheme, certificateArns }: Istio, run: Pick<Run, 'id'>): Json {
  const ends = certificateArns.length > 0;
  const annotations = {
    scheme,
    'target-type': 'ip',
    tags: runTag(run),
    'listen-ports': JSON.stringify(ends ? [{ HTTP: 80 }, { HTTPS: 443 }] : [{ HTTP: 80 }]),
    'healthcheck-port': String(READINESS.port),
    'healthcheck-path': READINESS.path,
    ...(ends ? { 'certificate-arn': certificateArns.join(','), 'ssl-redirect': '443' } : {}),
  };
  return Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`alb.ingress.kubernetes.io/${key}`, value]));
}
