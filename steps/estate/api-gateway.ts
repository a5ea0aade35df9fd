import * as z from 'zod';
import { awsRegion } from './common.ts';

/** An API of API Gateway; whether REST, HTTP or WebSocket is found by itself. */
export const gatewayApi = z.strictObject({
  id: z.string().regex(/^[a-z0-9]{4,32}$/, 'must be the id of an API such as a1b2c3d4e5'),
  region: awsRegion.optional().describe('Where the API is; without it the region of the primary.'),
  publishUnseen: z
    .boolean()
    .optional()
    .describe(
      'Of a WebSocket API: whether stages that do not deploy by themselves may be published. API Gateway does not tell what they serve, so edits that others have not deployed yet would be published unseen.',
    ),
});

export const apiGateway = z
  .strictObject({
    apis: z.array(gatewayApi).default([]).describe('The production APIs whose integrations lead to load balancers of the primary.'),
    securityGroups: z
      .record(z.string(), z.array(z.string().regex(/^sg-[0-9a-f]+$/, 'must be a security group id such as sg-0123456789abcdef0')).min(1))
      .default({})
      .describe('By target: the security groups of a new VPC link (HTTP APIs). Without them it gets those of the new load balancer.'),
  })
  .prefault({});

export type GatewayApi = z.infer<typeof gatewayApi>;
