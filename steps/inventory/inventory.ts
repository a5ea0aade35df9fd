import * as z from 'zod';
import { eachPart, parts } from './parts.ts';

/** `unknown`: neither live nor archived, as only a part may be by which no later step goes. */
const source = z.enum(['live', 'last-good', 'unknown']);

const part = z.strictObject({
  source,
  takenAt: z.iso.datetime(),
  ageSeconds: z.number().nonnegative(),
  /** Why the part is not live, or what is odd about it; else null. */
  reason: z.string().nullable(),
});

const application = parts.applications.schema.shape.applications.element;

/** What take-inventory gives to the other steps. */
export const inventory = z.strictObject({
  source: z.enum(['live', 'last-good', 'mixed']),
  /** Of the oldest part. */
  takenAt: z.iso.datetime(),
  primary: z.strictObject({ region: z.string(), cluster: z.string() }),
  parts: z.strictObject(eachPart(() => part)),
  /** The applications on the primary, with the file in Git that defines each. */
  services: z.array(application.extend({ file: z.string() })),
  /** Applications on the primary that no template defines: a merge request can't recover them. */
  withoutTemplate: z.array(application),
  namespaces: parts.namespaces.schema,
  loadBalancers: parts.loadBalancers.schema,
  identities: parts.identities.schema,
  networkPaths: parts.networkPaths.schema,
  templates: parts.templates.schema,
  vault: parts.vault.schema,
  clusterOnly: parts.clusterOnly.schema,
  delivery: parts.delivery.schema,
  imageDigests: parts.imageDigests.schema,
  integrations: parts.integrations.schema,
  records: parts.records.schema,
  origins: parts.origins.schema,
  argocd: z.strictObject({ clusters: parts.applications.schema.shape.clusters }),
});

export type Inventory = z.infer<typeof inventory>;
export type InventorySource = z.infer<typeof source>;
