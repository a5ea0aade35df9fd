import * as z from 'zod';
import { objectOf } from '../kit/json.ts';
import { workloadField } from './kubernetes-workload-field.ts';

/** How many pods a workload of others shall have. An autoscaler leaves alone what has none. */
export const kubernetesScale = workloadField({
  kind: 'kubernetes.scale',
  noun: 'scale of the workload',
  permissions: {
    read: ['get deployments.apps', 'list deployments.apps', 'get statefulsets.apps', 'list statefulsets.apps'],
    write: ['patch deployments.apps/scale', 'patch statefulsets.apps/scale'],
  },
  apiVersion: 'apps/v1',
  kinds: ['Deployment', 'StatefulSet'],
  state: z.strictObject({ replicas: z.number().int().min(0) }),
  subresource: 'scale',
  stateOf({ spec }) {
    const { replicas } = objectOf(spec);
    // The API server writes 1 where nobody says.
    return { replicas: typeof replicas === 'number' ? replicas : 1 };
  },
  specOf: ({ replicas }) => ({ replicas }),
});
