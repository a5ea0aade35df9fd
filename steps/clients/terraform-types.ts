import * as z from 'zod';
import type { Json } from '../kit/json.ts';

/** Which state of which module: a root module and the key of its state in the backend. */
export interface StackRef {
  /** The root module, relative to the estate file. */
  readonly directory: string;
  readonly stateKey: string;
  readonly region: string;
}

export interface StackRequest {
  readonly variables: Readonly<Record<string, Json>>;
  readonly destroy: boolean;
}

const action = z.enum(['no-op', 'create', 'read', 'update', 'delete', 'forget']);

/** A mask of the same shape as the values, `true` where it applies to all below. */
const mask: z.ZodType<Json> = z.json() as z.ZodType<Json>;

const change = z.object({
  actions: z.array(action),
  before: mask.optional().transform((value) => value ?? null),
  after: mask.optional().transform((value) => value ?? null),
  after_unknown: mask.optional().transform((value) => value ?? false),
  before_sensitive: mask.optional().transform((value) => value ?? false),
  after_sensitive: mask.optional().transform((value) => value ?? false),
  /** Present when the configuration takes in an object that exists already. */
  importing: z.json().optional(),
});

const resourceChange = z.object({
  address: z.string(),
  /** Set for an object that waits to be destroyed after its replacement was made. */
  deposed: z.string().optional(),
  mode: z.string(),
  change,
  action_reason: z.string().optional(),
});

/** The parts of `terraform show -json PLANFILE` that we rely on. https://developer.hashicorp.com/terraform/internals/json-format */
export const planDocument = z.object({
  format_version: z.string().regex(/^1\./, 'must be 1.x: this release of Terraform writes plans in a form not known here'),
  variables: z.record(z.string(), z.object({ value: mask.optional() })).default({}),
  resource_changes: z.array(resourceChange).default([]),
  output_changes: z.record(z.string(), change).default({}),
  configuration: z
    .object({
      root_module: z
        .object({ variables: z.record(z.string(), z.object({ sensitive: z.boolean().default(false) })).default({}) })
        .default({ variables: {} }),
    })
    .default({ root_module: { variables: {} } }),
  errored: z.boolean().default(false),
});

export type PlanDocument = z.infer<typeof planDocument>;
export type ResourceChange = PlanDocument['resource_changes'][number];
export type ValueChange = ResourceChange['change'];

/** A managed object in a state. */
export interface HeldResource {
  /** With its index, such as `module.cluster.aws_eks_node_group.this["a"]`. */
  readonly address: string;
  readonly type: string;
  readonly values: Json;
  /** Terraform will make it anew: its creation did not end well, or a person said so. */
  readonly tainted: boolean;
  /** Addresses, without any index. */
  readonly dependsOn: readonly string[];
}

const heldResource = z.object({
  address: z.string(),
  mode: z.string(),
  type: z.string(),
  values: mask.optional().transform((value) => value ?? null),
  tainted: z.boolean().default(false),
  depends_on: z.array(z.string()).default([]),
  deposed_key: z.string().optional(),
});

export const stateModule = z.object({
  resources: z.array(heldResource).default([]),
  get child_modules() {
    return z.array(stateModule).default([]);
  },
});

/** The parts of `terraform show -json` (of the state) that we rely on. https://developer.hashicorp.com/terraform/internals/json-format */
export const stateDocument = z.object({
  format_version: z.string().regex(/^1\./, 'must be 1.x: this release of Terraform writes states in a form not known here'),
  values: z.object({ root_module: stateModule }).optional(),
});

export const outputsDocument = z.record(z.string(), z.object({ value: z.json(), sensitive: z.boolean().default(false) }));

export interface TerraformOutput {
  readonly value: Json;
  readonly sensitive: boolean;
}

/** A held state lock, as Terraform tells it. */
export interface LockHolder {
  readonly id: string;
  /** user@host. */
  readonly who: string;
  readonly operation: string;
  /** As Terraform writes it; the wall clock of the holder. */
  readonly created: string;
  /**
   * `own-dead`: left by a process of this run that no longer lives. `own-alive`: held by one that is still at work, such as a Terraform
   * that outlived the step that started it. `other`: anyone else's.
   */
  readonly holder: 'own-dead' | 'own-alive' | 'other';
}

export interface ValidationProblem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** file:line, or null. */
  readonly where: string | null;
}

export const versionDocument = z.object({ terraform_version: z.string() });

export const validationDocument = z.object({
  valid: z.boolean(),
  diagnostics: z
    .array(
      z.object({
        severity: z.enum(['error', 'warning']),
        summary: z.string(),
        detail: z.string().default(''),
        range: z.object({ filename: z.string(), start: z.object({ line: z.number() }) }).nullish(),
      }),
    )
    .default([]),
});
