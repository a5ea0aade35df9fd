import type { Plan, PlannedChange } from './plan.ts';
import { version } from './settings.ts';
import { instancesOf, type State } from './state.ts';
import { type Attributes, typeOf, type Value } from './values.ts';

const providerName = 'registry.terraform.io/hashicorp/aws';

interface Named {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly index?: string;
}

function named({ address, type, name, index }: Named): Record<string, unknown> {
  return { address, mode: 'managed', type, name, ...(index === undefined ? {} : { index }), provider_name: providerName };
}

function valuesOf(resource: Named, values: Attributes): Record<string, unknown> {
  return { ...named(resource), schema_version: 0, values, sensitive_values: {} };
}

function changeView(change: PlannedChange): Record<string, unknown> {
  const { actions, before, after, unknown, reason } = change;
  const marks = Object.fromEntries(unknown.map((name) => [name, true]));
  return {
    ...named(change),
    change: {
      actions,
      before,
      after,
      after_unknown: after === null ? {} : marks,
      before_sensitive: before === null ? false : {},
      after_sensitive: after === null ? false : {},
    },
    ...(reason === undefined ? {} : { action_reason: reason }),
  };
}

/** A state as `terraform show -json` prints it. */
export function stateView(state: State): Record<string, unknown> {
  const format = { format_version: '1.0' };
  const instances = [...instancesOf(state).values()];
  if (instances.length === 0 && Object.keys(state.outputs).length === 0) return format;
  const outputs = Object.entries(state.outputs).map(([name, { value, type }]) => [name, { sensitive: false, value, type }]);
  const resources = instances.map((held) => ({
    ...valuesOf(held, held.attributes),
    ...(held.dependencies.length > 0 ? { depends_on: held.dependencies } : {}),
    ...(held.tainted ? { tainted: true } : {}),
  }));
  return { ...format, terraform_version: version, values: { outputs: Object.fromEntries(outputs), root_module: { resources } } };
}

function outputViews(plan: Plan): Record<string, unknown> {
  const views = Object.entries(plan.outputs).map(([name, { actions, before, after, unknown }]) => [
    name,
    { actions, before, ...(unknown ? {} : { after }), after_unknown: unknown, before_sensitive: false, after_sensitive: false },
  ]);
  return Object.fromEntries(views);
}

/** A plan as `terraform show -json FILE` prints it, after "JSON Output Format", format version 1.2. */
export function planView(plan: Plan): Record<string, unknown> {
  const planned = plan.changes.flatMap((change) => (change.after === null ? [] : [valuesOf(change, change.after)]));
  const outputs = Object.entries(plan.outputs).flatMap(([name, { actions, after, unknown }]) =>
    actions.includes('delete') ? [] : [[name, { sensitive: false, ...(unknown ? {} : { type: typeOf(after), value: after }) }] as const],
  );
  const idle =
    plan.changes.every(({ actions }) => actions.includes('no-op')) &&
    Object.values(plan.outputs).every(({ actions }) => actions.includes('no-op'));
  const prior = plan.refreshed.map((held) => valuesOf(held, held.attributes));
  const defaults = Object.entries(plan.declared).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const values = { ...Object.fromEntries(defaults), ...plan.variables };
  const variables = Object.entries(values).map(([name, value]): [string, { value: Value }] => [name, { value }]);
  const declared = Object.entries(plan.declared).map(([name, { default: value, sensitive }]) => [
    name,
    { ...(value === undefined ? {} : { default: value }), ...(sensitive ? { sensitive: true } : {}) },
  ]);
  return {
    format_version: '1.2',
    terraform_version: version,
    variables: Object.fromEntries(variables),
    planned_values: { outputs: Object.fromEntries(outputs), root_module: { resources: planned } },
    ...(plan.drift.length > 0 ? { resource_drift: plan.drift.map(changeView) } : {}),
    resource_changes: plan.changes.map(changeView),
    output_changes: outputViews(plan),
    prior_state: { format_version: '1.0', terraform_version: version, values: { outputs: {}, root_module: { resources: prior } } },
    configuration: {
      provider_config: { aws: { name: 'aws', full_name: providerName } },
      root_module: { variables: Object.fromEntries(declared) },
    },
    timestamp: plan.createdAt,
    applyable: !idle,
    complete: true,
    errored: false,
  };
}
