import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, single } from '../kit/driver.ts';
import { objectOf } from '../kit/json.ts';
import { FIELD_MANAGER } from '../naming.ts';
import { observe, readObjects } from './kubernetes-reading.ts';
import { versionOf } from './kubernetes-version.ts';

const API_VERSION = 'batch/v1';

const id = z.strictObject({
  region: z.string(),
  cluster: z.string(),
  kind: z.enum(['CronJob', 'Job']),
  namespace: z.string(),
  name: z.string(),
});

const state = z.strictObject({ suspended: z.boolean() });

/** Whether a job of others is suspended, and nothing else of it. A suspended CronJob starts no more Jobs; a suspended Job ends its pods. */
export const kubernetesSuspended = defineDriver<z.infer<typeof id>, z.infer<typeof state>, Pick<Clients, 'kubernetes'>>({
  kind: 'kubernetes.suspended',
  noun: 'suspension of the job',
  compareAndSwap: { cas: 'yes', by: 'resourceVersion' },
  permissions: {
    read: ['get cronjobs.batch', 'list cronjobs.batch', 'get jobs.batch', 'list jobs.batch'],
    write: ['patch cronjobs.batch', 'patch jobs.batch'],
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
    return found.map((each) => observe(each, (object) => ({ suspended: objectOf(object.spec).suspend === true })));
  },
  write: single(async (clients, { id: at, after, observed }) => {
    const resourceVersion = versionOf(at, observed, after);
    await (await clients.kubernetes(at)).patch(
      { ...at, apiVersion: API_VERSION },
      { metadata: { resourceVersion }, spec: { suspend: after?.suspended === true } },
      { fieldManager: FIELD_MANAGER },
    );
  }),
});
