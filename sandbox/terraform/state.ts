import { randomUUID } from 'node:crypto';
import { failure } from './failure.ts';
import { version } from './settings.ts';
import { type Attributes, isRecord, type Value } from './values.ts';

export interface StateInstance {
  index_key?: string;
  /** `tainted`: its creation did not end well; it is to be made anew. */
  status?: 'tainted';
  schema_version: number;
  attributes: Attributes;
  sensitive_attributes: readonly unknown[];
  dependencies: readonly string[];
}

export interface StateResource {
  mode: 'managed';
  type: string;
  name: string;
  provider: string;
  instances: StateInstance[];
}

export interface StateOutput {
  value: Value;
  type: unknown;
}

/** A state file, version 4 of the format. */
export interface State {
  version: 4;
  terraform_version: string;
  serial: number;
  lineage: string;
  outputs: Record<string, StateOutput>;
  resources: StateResource[];
  check_results: null;
}

export const provider = 'provider["registry.terraform.io/hashicorp/aws"]';

export function newState(): State {
  return { version: 4, terraform_version: version, serial: 0, lineage: randomUUID(), outputs: {}, resources: [], check_results: null };
}

export function parseState(source: string): State {
  const value: unknown = JSON.parse(source);
  if (isRecord(value) && value.version === 4 && Array.isArray(value.resources) && typeof value.lineage === 'string')
    return value as unknown as State;
  throw failure('Unsupported state file format', 'The state file could not be parsed as a state of version 4.');
}

export function serializeState(state: State): string {
  return `${JSON.stringify(state, null, 2)}\n`;
}

/** `aws_subnet.private["eu-central-1a"]` of its parts. */
export function addressOf({ type, name, index }: { readonly type: string; readonly name: string; readonly index?: string }): string {
  return `${type}.${name}${index === undefined ? '' : `[${JSON.stringify(index)}]`}`;
}

export interface Held {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly index?: string;
  readonly attributes: Attributes;
  readonly tainted: boolean;
  readonly dependencies: readonly string[];
}

/** The instances in a state, by address. */
export function instancesOf(state: State): Map<string, Held> {
  const held = new Map<string, Held>();
  for (const { type, name, instances } of state.resources) {
    for (const { index_key: index, attributes, status, dependencies } of instances) {
      const parts = { type, name, ...(index === undefined ? {} : { index }) };
      const address = addressOf(parts);
      held.set(address, { ...parts, address, attributes, tainted: status === 'tainted', dependencies });
    }
  }
  return held;
}

/** Writes an instance into the state, or takes it out. The caller raises the serial when it saves. */
export function putInstance(
  state: State,
  held: Held | { readonly address: string; readonly type: string; readonly name: string; readonly index?: string; readonly gone: true },
): void {
  let resource = state.resources.find(({ type, name }) => type === held.type && name === held.name);
  if (!resource) {
    resource = { mode: 'managed', type: held.type, name: held.name, provider, instances: [] };
    state.resources.push(resource);
  }
  resource.instances = resource.instances.filter(({ index_key: index }) => index !== held.index);
  if ('attributes' in held) {
    resource.instances.push({
      ...(held.index === undefined ? {} : { index_key: held.index }),
      ...(held.tainted ? { status: 'tainted' as const } : {}),
      schema_version: 0,
      attributes: held.attributes,
      sensitive_attributes: [],
      dependencies: held.dependencies,
    });
    resource.instances.sort((a, b) => ((a.index_key ?? '') < (b.index_key ?? '') ? -1 : 1));
  }
  state.resources = state.resources.filter(({ instances }) => instances.length > 0);
  state.resources.sort((a, b) => (`${a.type}.${a.name}` < `${b.type}.${b.name}` ? -1 : 1));
}
