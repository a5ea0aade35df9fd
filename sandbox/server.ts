import { createSandboxClock } from './clock.ts';
import { handleControl } from './control.ts';
import { answerRequest, type Dispatch } from './dispatch.ts';
import { createFaults, type Faults } from './faults.ts';
import { type Answer, type Listener, listen } from './http.ts';
import { createRequestLog, type RequestLog } from './request-log.ts';
import type { Port, Sandbox, SandboxRequest, System } from './system.ts';
import { createTls } from './tls.ts';
import { RUNNER_TOKEN } from './vault/tokens.ts';
import type { World } from './world.ts';
import { createWorldSaver, loadWorld } from './world-file.ts';

export interface SandboxOptions {
  /** The seed; a world file that exists already takes its place. */
  readonly world: World;
  /** How many times as fast as the wall clock the sandbox's time runs. */
  readonly scale: number;
  /** 0 or absent: any free port, or the port of the saved world. */
  readonly ports?: Partial<Record<Port, number>>;
  readonly worldFile?: string;
  readonly systems: readonly System[];
}

export interface RunningSandbox {
  readonly sandbox: Sandbox;
  readonly addresses: Readonly<Record<Port, string>>;
  /** What a client of the sandbox needs in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** The fault rules in force, as behind `/sandbox/faults`. */
  readonly faults: Faults;
  /** The mutating requests so far, as behind `/sandbox/requests`. */
  readonly requests: RequestLog;
  /** Moves the sandbox's time on, in seconds. */
  leap(seconds: number): void;
  /** Saves the world, if there is a file for it, and ends every connection. */
  stop(): Promise<void>;
}

const tickInterval = 25;
const allPorts: readonly Port[] = ['aws', 'kubernetes', 'argocd', 'gitlab', 'vault', 'control'];

function clientEnvironment(addresses: Readonly<Record<Port, string>>, scale: number): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: addresses.aws,
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    AWS_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    ARGOCD_SERVER: addresses.argocd,
    ARGOCD_AUTH_TOKEN: 'sandbox-argocd-token',
    GITLAB_HOST: addresses.gitlab,
    GITLAB_TOKEN: 'glpat-sandbox',
    VAULT_ADDR: addresses.vault,
    VAULT_TOKEN: RUNNER_TOKEN,
    // For the Terraform stand-in, to which callers pass no other variables than AWS's and Terraform's.
    TF_SANDBOX_CLOCK_SCALE: String(scale),
  };
}

function createTick(sandbox: Sandbox, systems: readonly System[]): () => void {
  return () => {
    for (const system of systems) system.tick?.(sandbox);
  };
}

/** Keeps the world moving between requests. A failing controller must not take the listeners down: its first failure is reported. */
function startTicking(tick: () => void): NodeJS.Timeout {
  let reported = '';
  return setInterval(() => {
    try {
      tick();
    } catch (error) {
      const text = String((error as Error).stack ?? error);
      if (text !== reported) process.stderr.write(`sandbox: a controller failed: ${text}\n`);
      reported = text;
    }
  }, tickInterval);
}

async function listenAll(
  wanted: (port: Port) => number,
  open: (port: Port, number: number) => Promise<Listener>,
): Promise<Map<Port, Listener>> {
  const listeners = new Map<Port, Listener>();
  try {
    for (const port of allPorts) listeners.set(port, await open(port, wanted(port)));
  } catch (error) {
    await Promise.all([...listeners.values()].map((listener) => listener.close()));
    throw error;
  }
  return listeners;
}

/**
 * Starts the remote systems on loopback.
 * Throws when a port is taken or the world file is not a world.
 */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const { scale, systems, worldFile } = options;
  const world = (worldFile === undefined ? null : await loadWorld(worldFile)) ?? options.world;
  const core = world.core ?? {};
  world.core = core;
  const tls = core.tls ?? (await createTls());
  core.tls = tls;
  const clock = createSandboxClock({ scale, origin: world.clock });
  const addresses = {} as Record<Port, string>;
  const faults = createFaults();
  const sandbox: Sandbox = {
    world,
    clock,
    ca: tls.ca,
    address: (port) => addresses[port],
    cutOff: ({ region, cluster }) => {
      const line = `GET /clusters/${region}/${cluster}/version`;
      return faults.blocks({ system: 'kubernetes', operation: 'GET /version', line, region, mutates: false });
    },
  };
  const saver = createWorldSaver({ file: worldFile, world, clock });
  const log = createRequestLog();
  const tick = createTick(sandbox, systems);
  const dispatch: Dispatch = { sandbox, systems, faults, log, tick, changed: saver.later };
  const answer = (port: Port, request: SandboxRequest): Promise<Answer> =>
    port === 'control'
      ? handleControl({ sandbox, systems, faults, log, save: saver.now }, request)
      : answerRequest(dispatch, port, request);
  const listeners = await listenAll(
    (port) => options.ports?.[port] || (core.ports?.[port] ?? 0),
    (port, number) => listen({ port: number, handle: (request) => answer(port, request), ...(port === 'kubernetes' ? { tls } : {}) }),
  ).catch((error: unknown) => {
    saver.stop();
    throw error;
  });
  core.ports = {};
  for (const [port, listener] of listeners) {
    core.ports[port] = listener.port;
    addresses[port] = `${port === 'kubernetes' ? 'https' : 'http'}://127.0.0.1:${listener.port}`;
  }
  const ticking = startTicking(tick);
  const stop = async (): Promise<void> => {
    clearInterval(ticking);
    saver.stop();
    await Promise.all([...listeners.values()].map((listener) => listener.close()));
    await saver.now();
  };
  return { sandbox, addresses, environment: clientEnvironment(addresses, scale), faults, requests: log, leap: clock.leap, stop };
}
