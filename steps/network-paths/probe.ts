import type { ClusterRef } from '../clients/clients.ts';
import type { Estate } from '../estate/estate.ts';
import type { Resource } from '../kit/resource.ts';
import { RUN_LABEL } from '../naming.ts';
import { kubernetesObject } from '../resources/kubernetes-object.ts';

type Probe = Estate['networkPaths']['probes'][number];

/** The name of a probe's Job, which its pods carry as a label: at most 63 characters. */
export function probeJobName({ name }: Pick<Probe, 'name'>): string {
  return `eks-dr-probe-${name}`.slice(0, 63).replace(/-+$/, '');
}

/**
 * A Job whose pod tries a TCP connection until it works, so that it ends by itself once the way is open. It runs in any namespace:
 * without rights, and without a sidecar that would outlive it.
 */
export function probeJob(at: ClusterRef, probe: Probe, image: string, run: string): Resource {
  const labels = { [RUN_LABEL]: run };
  return kubernetesObject.resource(
    { region: at.region, cluster: at.cluster, apiVersion: 'batch/v1', kind: 'Job', namespace: probe.namespace, name: probeJobName(probe) },
    {
      metadata: { labels },
      spec: {
        backoffLimit: 6,
        template: {
          metadata: { labels: { ...labels, 'sidecar.istio.io/inject': 'false' } },
          spec: {
            restartPolicy: 'Never',
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true, runAsUser: 65_534, seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              {
                name: 'probe',
                image,
                command: ['sh', '-c', 'until nc -z -w 5 "$HOST" "$PORT"; do sleep 5; done'],
                env: [
                  { name: 'HOST', value: probe.host },
                  { name: 'PORT', value: String(probe.port) },
                ],
                resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { cpu: '100m', memory: '32Mi' } },
                securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
              },
            ],
          },
        },
      },
    },
  );
}
