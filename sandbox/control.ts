import { dumpWorld } from './dump.ts';
import { type Faults, parseFaultRule } from './faults.ts';
import { countByOperation, type RequestLog } from './request-log.ts';
import type { Sandbox, SandboxRequest, SandboxResponse, System } from './system.ts';

interface Control {
  readonly sandbox: Sandbox;
  readonly systems: readonly System[];
  readonly faults: Faults;
  readonly log: RequestLog;
  /** Writes the world file; false when there is none. */
  save(): Promise<boolean>;
}

type Handler = (control: Control, request: SandboxRequest) => SandboxResponse | Promise<SandboxResponse>;

function json(value: unknown, status = 200): SandboxResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(value, null, 2)}\n` };
}

function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}

function addFaults({ faults }: Control, request: SandboxRequest): SandboxResponse {
  const body = parseBody(request.body);
  const parsed = (Array.isArray(body) ? body : [body]).map(parseFaultRule);
  const problem = parsed.find((each) => 'problem' in each);
  if (problem) return json({ error: `Not a fault rule: ${problem.problem}.` }, 400);
  return json({ faults: parsed.flatMap((each) => ('rule' in each ? [faults.add(each.rule)] : [])) }, 201);
}

const handlers: Readonly<Record<string, Handler>> = {
  'GET /sandbox/health': ({ systems }) => json({ status: 'ok', systems: systems.map(({ name }) => name) }),
  'GET /sandbox/clock': ({ sandbox }) =>
    json({ now: sandbox.clock.timestamp(), milliseconds: sandbox.clock.now(), scale: sandbox.clock.scale }),
  'GET /sandbox/dump': ({ sandbox, systems }) => json(dumpWorld(sandbox.world, systems)),
  'POST /sandbox/save': async ({ save }) =>
    (await save()) ? json({ saved: true }) : json({ error: 'This sandbox was started without a world file.' }, 409),
  'GET /sandbox/faults': ({ faults }) => json({ faults: faults.list() }),
  'POST /sandbox/faults': addFaults,
  'DELETE /sandbox/faults': ({ faults }) => {
    faults.clear();
    return json({ faults: [] });
  },
  'GET /sandbox/requests': ({ log }) => json({ requests: log.list(), counts: countByOperation(log.list()) }),
  'DELETE /sandbox/requests': ({ log }) => {
    log.clear();
    return json({ requests: [], counts: {} });
  },
};

/** Answers the sandbox's own API, `/sandbox/*`, through which tests look at the world and make it fail. */
export async function handleControl(control: Control, request: SandboxRequest): Promise<SandboxResponse> {
  const handler = handlers[`${request.method} ${request.path}`];
  if (!handler) return json({ error: `No such control operation. Known: ${Object.keys(handlers).join(', ')}.` }, 404);
  return handler(control, request);
}
