import * as z from 'zod';
import { addons } from './addons.ts';
import { apiGateway } from './api-gateway.ts';
import { fence } from './fence.ts';
import { networkPaths, workloadIdentity } from './identity.ts';
import { access, argocd, gitlab, inventory, namespaces, primary, target, terraform } from './platform.ts';
import { approvals, cloudfront, drill, route53, rto, services } from './policy.ts';
import { vault } from './vault.ts';

/** The version of the estate's shape; a file of another version is refused with the way on. */
const ESTATE_SCHEMA = 1;

/** Everything the steps know of a company's platform: `eks-dr.yaml`. Secrets are references, never values. */
export const estate = z.strictObject({
  schema: z.literal(ESTATE_SCHEMA).describe('The version of this file’s shape.'),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,18}[a-z0-9]$/, 'must be 3 to 20 of a-z, 0-9 and -, starting with a letter')
    .describe('Starts the name of every recovery cluster.'),
  primary,
  targets: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/), target)
    .refine((all) => Object.keys(all).length > 0, 'must name at least one target'),
  defaultTarget: z.string().min(1),
  terraform,
  access: access.prefault({}),
  argocd,
  gitlab,
  vault: vault.optional(),
  namespaces,
  workloadIdentity,
  networkPaths,
  addons,
  inventory,
  services,
  apiGateway,
  route53,
  cloudfront,
  fence,
  drill,
  approvals,
  rto,
});

export type Estate = z.infer<typeof estate>;
