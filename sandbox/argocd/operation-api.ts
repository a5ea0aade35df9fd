import { resolveRef } from '../gitlab/repository.ts';
import type { SandboxResponse } from '../system.ts';
import { automatedSync, type Operation, sourcesOf } from './application.ts';
import { applicationOf } from './application-api.ts';
import { type Call, flag } from './call.ts';
import { fail, json } from './grpc.ts';
import { isObject } from './json.ts';
import { isRunning, startOperation } from './operation.ts';
import { findRepository } from './render.ts';
import { wake } from './runtime.ts';
import { changed } from './store.ts';

/** POST sync: asks for an operation and gives the application with it. */
export function syncApplication(call: Call): SandboxResponse {
  const record = applicationOf(call);
  const { app } = record;
  if (call.state.projects[app.spec.project] === undefined)
    fail('InvalidArgument', `application references project ${app.spec.project} which does not exist`);
  if (app.metadata.deletionTimestamp !== undefined) fail('FailedPrecondition', 'application is deleting');
  const [source] = sourcesOf(app.spec);
  const target = source?.targetRevision || 'HEAD';
  const asked = String(call.body.revision ?? '');
  const dryRun = flag(call, 'dryRun') === true;
  if (automatedSync(app.spec) !== null && !dryRun && asked !== '' && asked !== target) {
    fail('FailedPrecondition', `Cannot sync to ${asked}: auto-sync currently set to ${target}`);
  }
  const repository = findRepository(call.sandbox.world, source?.repoURL ?? '');
  const revision = repository === null ? null : resolveRef(call.sandbox.world, repository, asked || target);
  if (revision === null) return fail('FailedPrecondition', `unable to resolve '${asked || target}' to a commit SHA`);
  if (app.operation !== undefined || isRunning(record)) fail('FailedPrecondition', 'another operation is already in progress');
  startOperation(call.sandbox, record, operationIn(call, revision, dryRun));
  return json(app);
}

/** DELETE operation: ends the running one. */
export function terminateOperation(call: Call): SandboxResponse {
  const record = applicationOf(call);
  const state = record.app.status.operationState;
  if (record.app.operation === undefined || state === undefined) {
    return fail('InvalidArgument', 'Unable to terminate operation. No operation is in progress');
  }
  state.phase = 'Terminating';
  record.controller.operationAt = call.sandbox.clock.now();
  changed(call.state, record);
  wake(call.state, record.controller.operationAt);
  return json({});
}

function operationIn(call: Call, revision: string, dryRun: boolean): Operation {
  const { body } = call;
  const policy = applicationOf(call).app.spec.syncPolicy;
  const items =
    isObject(body.syncOptions) && Array.isArray(body.syncOptions.items) ? body.syncOptions.items.map(String) : policy?.syncOptions;
  const retry = (isObject(body.retryStrategy) ? body.retryStrategy : policy?.retry) as Operation['retry'];
  return {
    sync: {
      revision,
      ...(flag(call, 'prune') === true ? { prune: true } : {}),
      ...(dryRun ? { dryRun: true } : {}),
      ...(items === undefined ? {} : { syncOptions: items }),
      ...(Array.isArray(body.resources) && body.resources.length > 0
        ? { resources: body.resources as NonNullable<Operation['sync']['resources']> }
        : {}),
      ...(isObject(body.strategy) ? { syncStrategy: body.strategy } : {}),
    },
    initiatedBy: { username: call.account },
    ...(retry === undefined ? {} : { retry }),
  };
}
