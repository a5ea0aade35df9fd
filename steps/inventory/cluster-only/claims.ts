import * as z from 'zod';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import { parseAs } from '../../kit/parse.ts';

/** As much of a PersistentVolumeClaim as people need to find its data: snapshots of EBS volumes carry the name of the volume as a tag. */
const claim = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string().default(''),
    ownerReferences: z.array(z.object({ kind: z.string() })).default([]),
    managedFields: z.array(z.object({ manager: z.string().default(''), subresource: z.string().default('') })).default([]),
  }),
  spec: z.object({
    volumeName: z.string().default(''),
    storageClassName: z.string().default(''),
    resources: z.object({ requests: z.object({ storage: z.string().default('') }).prefault({}) }).prefault({}),
  }),
  status: z.object({ capacity: z.object({ storage: z.string().optional() }).optional() }).optional(),
});

/** The claims of a cluster, whoever made them: Git brings the claim, but not the data. Those of a pod end with it. */
export async function claimsOf(kubernetes: Pick<Kubernetes, 'list'>) {
  const listed = await kubernetes.list({ apiVersion: 'v1', kind: 'PersistentVolumeClaim' });
  return listed
    .map((object) => parseAs(claim, object, "Kubernetes' list of persistent volume claims", 'remote-answer-invalid'))
    .filter(({ metadata }) => metadata.ownerReferences.every(({ kind }) => kind !== 'Pod'))
    .map(({ metadata, spec, status }) => ({
      ...metadata,
      volume: {
        name: spec.volumeName,
        storageClass: spec.storageClassName,
        size: status?.capacity?.storage ?? spec.resources.requests.storage,
      },
    }));
}
