import type { Sandbox, SandboxRequest, SandboxResponse, System } from '../system.ts';
import type { World } from '../world.ts';
import { awsFault } from './fault.ts';
import { allowParameters, parseQuery, type QueryCall } from './query.ts';

/** One operation of a query-protocol service. */
export interface QueryOperation {
  /** Names of the top-level parameters it has. */
  readonly parameters: readonly string[];
  /** Whether it changes anything. */
  readonly mutates: boolean;
  handle(call: QueryCall, request: SandboxRequest, sandbox: Sandbox): SandboxResponse;
}

export type QueryOperations = Readonly<Record<string, QueryOperation>>;

function operationIn(operations: QueryOperations, action: string): QueryOperation | undefined {
  return Object.hasOwn(operations, action) ? operations[action] : undefined;
}

/**
 * A system of the query protocol from a table of its operations: refuses other API versions, unknown actions (501) and
 * unknown parameters (400) before the operation is handled.
 */
export function querySystem(options: {
  readonly name: string;
  /** The prefix of operation names and IAM actions: `elasticloadbalancing`. */
  readonly service: string;
  readonly version: string;
  /** The error code for a parameter the operation does not have. */
  readonly unknownParameter?: string;
  readonly operations: QueryOperations;
  tick?(sandbox: Sandbox): void;
  dump(world: World): unknown;
}): System {
  const { name, service, version, operations, tick, dump, unknownParameter } = options;
  return {
    name,
    port: 'aws',
    signsAs: [service],
    operation: (request) => `${service}:${parseQuery(request).action || 'Unknown'}`,
    mutates: (request) => operationIn(operations, parseQuery(request).action)?.mutates ?? false,
    handle(request, sandbox) {
      const call = parseQuery(request);
      const operation = operationIn(operations, call.action);
      if (!operation) throw awsFault(501, 'InvalidAction', `Could not find operation ${call.action} for version ${call.version}`);
      if (call.version !== version)
        throw awsFault(400, 'InvalidAction', `Could not find operation ${call.action} for version ${call.version}`);
      allowParameters(call, operation.parameters, unknownParameter);
      return operation.handle(call, request, sandbox);
    },
    ...(tick ? { tick } : {}),
    dump,
  };
}
