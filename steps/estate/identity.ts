import * as z from 'zod';
import { kubernetesName, roleArn } from './common.ts';

/** How the IAM roles of service accounts come to the new cluster. */
export const workloadIdentity = z
  .strictObject({
    method: z
      .enum(['as-is', 'pod-identity', 'irsa'])
      .default('as-is')
      .describe(
        'as-is: associations are copied, annotated service accounts get a statement in the trust policy of their role. pod-identity: everyone gets an association. irsa: everyone gets a trust statement.',
      ),
    exclude: z
      .array(z.strictObject({ namespace: kubernetesName, serviceAccount: kubernetesName.optional() }))
      .default([])
      .describe('Service accounts that get nothing.'),
    roles: z
      .record(roleArn, roleArn)
      .default({})
      .describe('Roles of the recovery account or region that stand in for roles of the primary.'),
  })
  .prefault({});

/** How the new cluster reaches what the old one reached. */
export const networkPaths = z
  .strictObject({
    regions: z.array(z.string().min(1)).default([]).describe('Regions whose security groups are searched, beside the recovery region.'),
    exclude: z
      .array(z.string().regex(/^sg-[0-9a-f]+$/, 'must be a security group id'))
      .default([])
      .describe('Security groups that stay as they are.'),
    probes: z
      .array(
        z.strictObject({
          name: kubernetesName,
          host: z.string().min(1),
          port: z.number().int().min(1).max(65_535),
          namespace: kubernetesName.default('default'),
        }),
      )
      .default([])
      .describe('TCP connections that must work from a pod of the new cluster: databases, caches, brokers, Vault.'),
    probeImage: z.string().min(1).default('public.ecr.aws/docker/library/busybox:1.37').describe('An image with `nc`, for the probes.'),
  })
  .prefault({});
