import { setTimeout as sleep } from 'node:timers/promises';
import { refusal } from './aws/auth-errors.ts';
import { authenticate } from './aws/authenticate.ts';
import { faultOf } from './aws/fault.ts';
import { errorResponse } from './aws/protocols.ts';
import { type FaultEffect, type Faults, handled } from './faults.ts';
import type { Answer } from './http.ts';
import { decisionForKey, principalOf } from './iam/principals.ts';
import type { LoggedRequest, RequestLog } from './request-log.ts';
import type { Port, Sandbox, SandboxRequest, SandboxResponse, System } from './system.ts';
import { expiredCredentials, throttled, vendorError } from './vendor-errors.ts';

export interface Dispatch {
  readonly sandbox: Sandbox;
  readonly systems: readonly System[];
  readonly faults: Faults;
  readonly log: RequestLog;
  /** Moves every system to the present. */
  tick(): void;
  /** Called after a request that changed something. */
  changed(): void;
}

type Route = { readonly system: System; readonly request: SandboxRequest } | { readonly answer: SandboxResponse };

function routeAws({ sandbox, systems }: Dispatch, request: SandboxRequest): Route {
  const times = { wall: Date.now(), sandbox: sandbox.clock.now() };
  const authentication = authenticate(sandbox.world, request, times);
  if (!authentication.ok) return { answer: errorResponse(authentication.service, authentication.fault) };
  const { scope } = authentication;
  const signed: SandboxRequest = { ...request, scope };
  const system = systems.find((each) => each.signsAs?.includes(scope.service));
  if (system) return { system, request: signed };
  const message = `The sandbox does not serve ${scope.service}.`;
  return { answer: vendorError('aws', signed, { status: 501, code: 'NotImplemented', message }) };
}

function route(dispatch: Dispatch, port: Port, request: SandboxRequest): Route {
  if (port === 'aws') return routeAws(dispatch, request);
  const system = dispatch.systems.find((each) => each.port === port);
  if (system) return { system, request };
  return { answer: vendorError(port, request, { status: 501, code: '', message: `The sandbox runs without a system for ${port}.` }) };
}

function denied({ sandbox }: Dispatch, request: SandboxRequest, action: string): SandboxResponse | null {
  const { scope } = request;
  if (!scope) return null;
  const decision = decisionForKey(sandbox.world, scope.accessKeyId, action);
  if (decision === 'allowed') return null;
  const caller = principalOf(sandbox.world, scope.accessKeyId)?.callerArn ?? scope.accessKeyId;
  const reason =
    decision === 'explicitDeny'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  const message = `User: ${caller} is not authorized to perform: ${action} ${reason}`;
  return errorResponse(scope.service, refusal(scope.service, 'denied', message));
}

async function handle({ sandbox }: Dispatch, system: System, request: SandboxRequest): Promise<SandboxResponse> {
  try {
    return await system.handle(request, sandbox);
  } catch (error) {
    const fault = faultOf(error);
    if (fault && request.scope) return errorResponse(request.scope.service, fault);
    process.stderr.write(`sandbox: ${system.name}: ${String((error as Error).stack ?? error)}\n`);
    return vendorError(system.port, request, { status: 500, code: 'InternalFailure', message: 'The sandbox failed; its log says why.' });
  }
}

/** The answer an effect gives in place of the system's; null when the system's own is to reach the client. */
function replacement(effect: FaultEffect | null, system: System, request: SandboxRequest): Answer | null {
  if (effect === null) return null;
  if (effect === 'cut-before' || effect === 'cut-after') return 'cut';
  if (effect === 'hang-before' || effect === 'hang-after') return 'hang';
  if (effect === 'throttle') return throttled(system.port, request);
  if (effect === 'expired-credentials') return system.answersAnybody?.(request) === true ? null : expiredCredentials(system.port, request);
  if ('delaySeconds' in effect) return null;
  if ('body' in effect) {
    return { status: effect.status ?? 200, headers: { 'content-type': effect.contentType ?? 'text/html' }, body: effect.body };
  }
  const { status, code = system.port === 'aws' ? 'InternalFailure' : '', message = 'Injected by a fault rule of the sandbox' } = effect;
  return vendorError(system.port, request, { status, code, message });
}

async function delay(effect: FaultEffect | null, scale: number): Promise<void> {
  if (typeof effect === 'object' && effect !== null && 'delaySeconds' in effect) await sleep((effect.delaySeconds * 1000) / scale);
}

function regionOf({ scope, path }: SandboxRequest): string | null {
  return scope?.region ?? path.match(/^\/clusters\/([^/]+)\//)?.[1] ?? null;
}

async function perform(dispatch: Dispatch, system: System, request: SandboxRequest, logged: LoggedRequest | null): Promise<Answer> {
  const operation = system.operation(request);
  const line = `${request.method} ${request.path}`;
  const effect = dispatch.faults.meet({ system: system.name, operation, line, region: regionOf(request), mutates: logged !== null });
  const instead = replacement(effect, system, request);
  if (instead !== null && effect !== null && !handled(effect)) return instead;
  await delay(effect, dispatch.sandbox.clock.scale);
  dispatch.tick();
  const refused = denied(dispatch, request, system.action?.(request) ?? operation);
  if (refused) return refused;
  const answer = await handle(dispatch, system, request);
  if (logged) logged.status = answer.status;
  if (answer.status < 400 && logged) dispatch.changed();
  return instead ?? answer;
}

/** Answers one request of a remote system: authentication, faults, permissions, the system itself. */
export async function answerRequest(dispatch: Dispatch, port: Port, incoming: SandboxRequest): Promise<Answer> {
  const target = route(dispatch, port, incoming);
  if ('answer' in target) return target.answer;
  const { system, request } = target;
  const operation = system.operation(request);
  const mutates = system.mutates(request);
  dispatch.log.count(system, operation, mutates);
  const logged: LoggedRequest | null = mutates ? dispatch.log.record(system, request, operation, dispatch.sandbox.clock.timestamp()) : null;
  const answer = await perform(dispatch, system, request, logged);
  if (logged && typeof answer === 'object') logged.status = answer.status;
  return answer;
}
