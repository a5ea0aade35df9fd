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

const domainName = z
  .string()
  .regex(
    /^(?=.{1,253}$)(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    'must be a custom domain name in lower case such as api.example.com or *.api.example.com',
  );

/** A custom domain name of API Gateway that is in the region of every target too, with APIs of that region behind it. */
export const customDomainName = z.strictObject({
  name: domainName,
  region: awsRegion.optional().describe('Where it is now; without it the region of the primary.'),
});

export const apiGateway = z
  .strictObject({
    apis: z.array(gatewayApi).default([]).describe('The production APIs whose integrations lead to load balancers of the primary.'),
    domains: z
      .array(customDomainName)
      .default([])
      .describe(
        'The custom domain names that go with a recovery into another region: their records in the production zones are led to the custom domain name of the same name there. Their APIs there belong into `apis` too.',
      ),
    securityGroups: z
      .record(z.string(), z.array(z.string().regex(/^sg-[0-9a-f]+$/, 'must be a security group id such as sg-0123456789abcdef0')).min(1))
      .default({})
      .describe('By target: the security groups of a new VPC link (HTTP APIs). Without them it gets those of the new load balancer.'),
  })
  .prefault({});

export type GatewayApi = z.infer<typeof gatewayApi>;
export type CustomDomainName = z.infer<typeof customDomainName>;
