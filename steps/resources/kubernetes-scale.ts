import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import type { KubernetesObject } from '../clients/kubernetes.ts';
import { defineDriver, single } from '../kit/driver.ts';
import { objectOf } from '../kit/json.ts';
import { FIELD_MANAGER } from '../naming.ts';
import { observe, readObjects } from './kubernetes-reading.ts';
import { versionOf } from './kubernetes-version.ts';

const API_VERSION = 'apps/v1';

const id = z.strictObject({
  region: z.string(),
  cluster: z.string(),
  kind: z.enum(['Deployment', 'StatefulSet']),
  namespace: z.string(),
  name: z.string(),
});

const state = z.strictObject({ replicas: z.number().int().min(0) });

/** How many pods a workload of others shall have, and nothing else of it. An autoscaler leaves alone what has none. */
export const kubernetesScale = defineDriver<z.infer<typeof id>, z.infer<typeof state>, Pick<Clients, 'kubernetes'>>({
  kind: 'kubernetes.scale',
  noun: 'scale of the workload',
  compareAndSwap: { cas: 'yes', by: 'resourceVersion' },
  permissions: {
    read: ['get deployments.apps', 'list deployments.apps', 'get statefulsets.apps', 'list statefulsets.apps'],
    write: ['patch deployments.apps/scale', 'patch statefulsets.apps/scale'],
  },
  concurrency: 12,
  id,
  state,
  label: ({ cluster, kind, namespace, name }) => `${kind} ${namespace}/${name} on ${cluster}`,
  read: async (clients, ids) => {
    const found = await readObjects(
      clients,
      ids.map((at) => ({ ...at, apiVersion: API_VERSION })),
    );
    return found.map((each) => observe(each, (object) => ({ replicas: replicasOf(object) })));
  },
  write: single(async (clients, { id: at, after, observed }) => {
    const resourceVersion = versionOf(at, observed, after);
    await (await clients.kubernetes(at)).patch(
      { ...at, apiVersion: API_VERSION },
      { metadata: { resourceVersion }, spec: { replicas: after?.replicas ?? 0 } },
      { fieldManager: FIELD_MANAGER, subresource: 'scale' },
    );
  }),
});

/** The API server writes 1 where nobody says. */
function replicasOf({ spec }: KubernetesObject): number {
  const { replicas } = objectOf(spec);
  return typeof replicas === 'number' ? replicas : 1;
}
