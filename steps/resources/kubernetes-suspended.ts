import * as z from 'zod';
import { objectOf } from '../kit/json.ts';
import { workloadField } from './kubernetes-workload-field.ts';

/** Whether a job of others is suspended. A suspended CronJob starts no more Jobs; a suspended Job ends its pods. */
export const kubernetesSuspended = workloadField({
  kind: 'kubernetes.suspended',
  noun: 'suspension of the job',
  permissions: {
    read: ['get cronjobs.batch', 'list cronjobs.batch', 'get jobs.batch', 'list jobs.batch'],
    write: ['patch cronjobs.batch', 'patch jobs.batch'],
  },
  apiVersion: 'batch/v1',
  kinds: ['CronJob', 'Job'],
  state: z.strictObject({ suspended: z.boolean() }),
  stateOf: ({ spec }) => ({ suspended: objectOf(spec).suspend === true }),
  specOf: ({ suspended }) => ({ suspend: suspended }),
});
