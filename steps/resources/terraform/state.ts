import * as z from 'zod';
import type { PlanDocument, ResourceChange, ValueChange } from '../../clients/terraform-types.ts';
import type { Json } from '../../kit/json.ts';
import { compareText } from '../../kit/text.ts';
import { maskValues, scrub, sensitiveTexts } from './mask.ts';

const json = z.json() as unknown as z.ZodType<Json>;

/** `present`: there, and to stay as it is. The others are what Terraform is to do. */
export const action = z.enum(['present', 'create', 'update', 'replace', 'delete', 'forget']);

export type Action = z.infer<typeof action>;

const resource = z.strictObject({ address: z.string(), action, values: json });
const output = z.strictObject({ name: z.string(), action, value: json });

/**
 * A Terraform stack as plans hold it: the variables it is made from, its managed resources by address, its outputs by name.
 * Values are those known beforehand; `(known after apply)` and `(sensitive)` stand for the others.
 */
export const stackState = z.strictObject({
  variables: z.record(z.string(), json),
  resources: z.array(resource),
  outputs: z.array(output),
});

export type StackState = z.infer<typeof stackState>;
export type StackResource = StackState['resources'][number];
export type StackOutput = StackState['outputs'][number];

/** Something that Terraform would do now. */
export interface Pending extends StackResource {
  /** What is there now. */
  readonly before: Json;
  /** Its creation failed half way; Terraform will make it anew. */
  readonly tainted: boolean;
  /** The address without what tells a deposed object apart. */
  readonly base: string;
}

/** One plan of Terraform, seen from both sides: what is there, and what would be. Null: an empty state. */
export interface StackPlan {
  readonly before: StackState | null;
  readonly after: StackState | null;
  /** Only what is left to do, data sources left out. */
  readonly pending: { readonly resources: readonly Pending[]; readonly outputs: readonly StackOutput[] };
}

/** Brings Terraform's plan into canonical form: sorted by address, without secrets, without what has no value. */
export function stackPlanOf(plan: PlanDocument, variables: Readonly<Record<string, Json>>): StackPlan {
  const secrets = secretsOf(plan);
  const managed = plan.resource_changes.filter(({ mode }) => mode === 'managed').toSorted((a, b) => compareText(nameOf(a), nameOf(b)));
  const outputs = Object.entries(plan.output_changes).toSorted(([a], [b]) => compareText(a, b));

  const was = managed
    .filter(({ change }) => change.before !== null)
    .map((entry): StackResource => ({ address: nameOf(entry), action: 'present', values: beforeOf(entry.change, secrets) }));
  const wasOutput = outputs
    .filter(([, change]) => change.before !== null)
    .map(([name, change]): StackOutput => ({ name, action: 'present', value: beforeOf(change, secrets) }));
  const willBe = managed.map((entry): Pending => {
    const { change, address, action_reason } = entry;
    const planned = actionOf(change);
    const before = beforeOf(change, secrets);
    const values = planned === 'present' ? before : afterOf(change, secrets);
    return { address: nameOf(entry), action: planned, values, before, tainted: action_reason === 'replace_because_tainted', base: address };
  });
  const willBeOutput = outputs
    .filter(([, change]) => change.before !== null || actionOf(change) !== 'present')
    .map(([name, change]): StackOutput => {
      const planned = actionOf(change);
      return { name, action: planned, value: planned === 'present' ? beforeOf(change, secrets) : afterOf(change, secrets) };
    });

  const nothingLeft = willBe.every(gone) && willBeOutput.every(gone);
  const resources = willBe.map(({ address, action, values }): StackResource => ({ address, action, values }));
  return {
    before: was.length === 0 && wasOutput.length === 0 ? null : { variables, resources: was, outputs: wasOutput },
    after: nothingLeft ? null : { variables, resources, outputs: willBeOutput },
    pending: {
      resources: willBe.filter((entry) => entry.action !== 'present'),
      outputs: willBeOutput.filter((entry) => entry.action !== 'present'),
    },
  };
}

function gone(entry: { readonly action: Action }): boolean {
  return entry.action === 'delete' || entry.action === 'forget';
}

/** A deposed object waits beside its successor, under the same address. */
function nameOf({ address, deposed }: ResourceChange): string {
  return deposed === undefined ? address : `${address} (deposed ${deposed})`;
}

function actionOf(change: ValueChange): Action {
  const actions = change.actions.toSorted().join(' ');
  switch (actions) {
    case 'create':
    case 'update':
    case 'delete':
    case 'forget':
      return actions;
    case 'create delete':
    case 'create forget':
      return 'replace';
    default:
      return 'present';
  }
}

function beforeOf({ before, before_sensitive }: ValueChange, secrets: ReadonlySet<string>): Json {
  return scrub(maskValues(before, false, before_sensitive), secrets);
}

function afterOf({ after, after_unknown, after_sensitive }: ValueChange, secrets: ReadonlySet<string>): Json {
  return scrub(maskValues(after, after_unknown, after_sensitive), secrets);
}

function secretsOf(plan: PlanDocument): ReadonlySet<string> {
  const declared = plan.configuration.root_module.variables;
  const changes = [...plan.resource_changes.map(({ change }) => change), ...Object.values(plan.output_changes)];
  return new Set([
    ...Object.entries(plan.variables).flatMap(([name, { value }]) => sensitiveTexts(value ?? null, declared[name]?.sensitive === true)),
    ...changes.flatMap((change) => [
      ...sensitiveTexts(change.before, change.before_sensitive),
      ...sensitiveTexts(change.after, change.after_sensitive),
    ]),
  ]);
}
