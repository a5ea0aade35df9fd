import { setMaxListeners } from 'node:events';
import { resolve } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { approvalRule } from './approval-rule.ts';
import type { Clients } from './clients/clients.ts';
import { connect } from './clients/connect.ts';
import { planning } from './clients/planning.ts';
import { answerSeconds, clockScale, environmentSecrets, refuseUnverifiedTls } from './environment.ts';
import { estate as estateSchema } from './estate/estate.ts';
import { applyPhase } from './kit/apply-phase.ts';
import { createClock } from './kit/clock.ts';
import { help, parseCommand, type StepCommand, wantsHelp } from './kit/command.ts';
import { asEksDrError, type EksDrError, exitStatus } from './kit/errors.ts';
import { createSink, readInput } from './kit/input.ts';
import { createLog } from './kit/log.ts';
import { parseAs } from './kit/parse.ts';
import { planPhase } from './kit/plan-phase.ts';
import type { Secrets } from './kit/secrets.ts';
import { remoteSecret } from './remote-secrets.ts';
import type { Step } from './step.ts';

export const TOOL = `eks-dr ${packageJson.version}`;

/** The whole life of a compiled step: arguments in, a record out, an exit status. */
export async function main(step: Step): Promise<void> {
  const controller = new AbortController();
  // Every request that waits for its turn listens to it.
  setMaxListeners(0, controller.signal);
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => controller.abort());
  const args = process.argv.slice(2);
  if (wantsHelp(args)) return void process.stdout.write(help(step.id));
  // A step that needs no remote secret connects to nothing for it.
  let clients: Clients | undefined;
  const secrets = environmentSecrets(process.env, async (ref) => (clients === undefined ? undefined : remoteSecret(clients, ref)));
  let status = 0;
  try {
    await runStep(step, parseCommand(step.id, args), controller.signal, secrets, (connected) => {
      clients = connected;
    });
  } catch (thrown) {
    const error = asEksDrError(thrown);
    process.stderr.write(secrets.redact(reportOf(step.id, error)));
    status = exitStatus[error.category];
  }
  // Nothing is left to do: what still waits for an answer (a system that the inventory went without) must not hold the process.
  await Promise.all([process.stdout, process.stderr].map(flushed));
  process.exit(status);
}

/** Resolves when everything written so far has left the process, or can't. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => void stream.write('', () => resolve()));
}

async function runStep(
  step: Step,
  command: StepCommand,
  signal: AbortSignal,
  secrets: Secrets,
  onConnected: (clients: Clients) => void,
): Promise<void> {
  const { env } = process;
  refuseUnverifiedTls(env);
  const documents = await readInput(command);
  const estate = parseAs(estateSchema, documents.estate, 'estate.json', 'estate-invalid');
  const clock = createClock(clockScale(env, estate), Date.parse(documents.run.startedAt));
  const log = createLog({
    step: step.id,
    clock,
    format: command.logFormat,
    verbose: command.verbose,
    write: (line) => process.stderr.write(line),
    redact: (text) => secrets.redact(text),
  });
  const estateFolder = resolve(env.EKS_DR_ESTATE_FOLDER ?? '.');
  const connected = connect({
    estate,
    run: documents.run,
    environment: env,
    clock,
    log,
    signal,
    secrets,
    estateFolder,
    answerSeconds: answerSeconds(env),
  });
  const [phase, clients] = command.phase === 'plan' ? [planPhase, planning(connected)] : [applyPhase, connected];
  onConnected(clients);
  const rule = approvalRule(estate.approvals, documents.run.mode, step.id);
  const { direction } = command;
  const allSteps = async () => (await import('./index.ts')).steps;
  await phase(
    { step, direction, documents, estate, clients, clock, log, signal, secrets, approvalRule: rule, allSteps, tool: TOOL },
    await createSink(command, step.id),
  );
}

/** The error as a person reads it: what, why, and what to do; then those that came with it. */
function reportOf(step: string, error: EksDrError): string {
  const lines = [error, ...error.also].map((one) => `${step}: ${one.message}\n  -> ${one.remedy}\n`).join('');
  return error.category === 'bug' && error.cause instanceof Error ? `${lines}${error.cause.stack ?? ''}\n` : lines;
}
