import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { FaultEffect } from '../../sandbox/faults.ts';
import { allSystems } from '../../sandbox/systems.ts';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import { groupBy } from '../../steps/kit/keys.ts';
import { isReadOnly } from '../../steps/kit/step.ts';
import type { Step } from '../../steps/step.ts';
import { built } from '../built.ts';
import { credentialsHandedOut, credentialsOf, kubernetesSecretsIn, secretsIn, secretsInFolder } from '../canaries.ts';
import { watchArguments } from '../pipeline/watch-arguments.ts';
import { killTree } from '../stages/kill-tree.ts';
import { exampleFolder, type ServedWorld, serveWorld } from '../stages/served-world.ts';
import { type Ended, type Place, startPhase } from '../stages/step-turn.ts';
import { startRun, walkOn } from '../stages/walk-run.ts';

const root = join(import.meta.dirname, '..', '..');

/** Systems that fail together: those behind one client. */
const groups = [...groupBy(allSystems, ({ port }) => port).values()].map((systems) => systems.map(({ name }) => name));

describe('secrets, when everything fails and says so with the secret in its words', function () {
  this.timeout(600_000);
  let served: ServedWorld;
  let place: Place;
  let folder: string;
  let secrets: string[];
  let watched: ReturnType<typeof watchArguments>;
  /** The systems that the step in hand has asked something. */
  const asked = new Set<string>();
  const said: { readonly by: string; readonly text: string }[] = [];
  const ends = new Map<string, Ended>();

  before(async () => {
    await built('eks-dr.js');
    folder = await mkdtemp(join(tmpdir(), 'eks-dr-canaries-'));
    const planted = planter(await credentialsHandedOut());
    served = await serveWorld({ folder, world: planted(shopWorld({ services: 'small' })), speed: { steps: 60, remote: 400 }, root });
    const own = { HOME: join(folder, 'home'), TMPDIR: join(folder, 'tmp') };
    await Promise.all(Object.values(own).map((path) => mkdir(path)));
    place = { ...served.place, environment: { ...planted(served.place.environment), ...own } };
    secrets = credentialsOf(place.environment);
    watched = watchArguments(secrets);
    const { steps: all } = await startRun(place, root, 'drill');
    await walkOn(place, all, {
      async beforePlan() {
        asked.clear();
        countRequests();
      },
      async beforeApply(step) {
        noteRequests();
        await failToApply(step);
        countRequests();
      },
      async afterApply(step) {
        noteRequests();
        await failToPlan(step);
      },
    });
  });
  after(async () => {
    watched.stop();
    await served.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Everything that the compiled program can say beside its exit status. */
  async function eksDr(...args: string[]): Promise<void> {
    const run = promisify(execFile)(process.execPath, [join(root, 'dist', 'eks-dr.js'), ...args], { env: { ...place.environment } });
    const { stdout, stderr } = await run.catch((failure: { stdout: string; stderr: string }) => failure);
    said.push({ by: args[0] ?? '', text: stdout + stderr });
  }

  /** Another place with a copy of the run folder, for what shall not be part of the drill itself. */
  async function copied(): Promise<Place> {
    const copy = await mkdtemp(join(folder, 'failing-'));
    await cp(place.run, join(copy, 'run'), { recursive: true });
    return { ...place, run: join(copy, 'run'), environment: { ...place.environment, XDG_CACHE_HOME: join(copy, 'cache') } };
  }

  async function failing(by: string, systems: readonly string[], effect: FaultEffect, work: (at: Place) => Promise<Ended>): Promise<void> {
    const at = await copied();
    for (const system of systems) served.running.faults.add({ system, operation: '*', times: 'always', effect });
    const ended = await work(at).finally(() => served.running.faults.clear());
    said.push({ by, text: ended.said });
    ends.set(by, ended);
  }

  /** Counts, by rules without an effect, what a step asks of which system. */
  function countRequests(): void {
    for (const system of groups.flat()) {
      served.running.faults.add({ system, operation: '*', times: 'always', effect: { delaySeconds: 0 } });
    }
  }

  function noteRequests(): void {
    for (const { rule, matched } of served.running.faults.list()) if (matched > 0) asked.add(rule.system);
    served.running.faults.clear();
  }

  /** Once more what a step did, with each of the systems failing that it asks. */
  async function failToPlan(step: Step): Promise<void> {
    const phase = isReadOnly(step) ? 'apply' : 'plan';
    for (const systems of groups.filter((group) => group.some((system) => asked.has(system)))) {
      const effect = echo(secrets, ends.size);
      const by = `${step.id} ${phase} without ${systems.join(', ')}`;
      await failing(by, systems, effect, (at) => startPhase(at, { step: step.id, direction: 'forward' }, phase).ended);
    }
  }

  async function failToApply(step: Step): Promise<void> {
    if (isReadOnly(step)) return;
    const turn = { step: step.id, direction: 'forward' } as const;
    await failing(`${step.id} apply`, ['*'], page(secrets), (at) => startPhase(at, turn, 'apply').ended);
    if (step.id !== 'prepare-namespaces') return;
    await failing(`${step.id} apply, killed`, [], page(secrets), async (at) => {
      served.running.requests.clear();
      const working = startPhase(at, turn, 'apply');
      while (served.running.requests.list().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await killTree(working.pid);
      return working.ended;
    });
  }

  it('have been echoed to every step, and most of them failed of it', () => {
    const failed = [...ends.values()].filter(({ status }) => status !== 0);
    expect(failed.length).to.be.greaterThan(ends.size / 2);
    expect(said.filter(({ text }) => text.includes('[secret]')).length).to.be.greaterThan(10);
  });

  it('stand in no line that was logged and in no error', async () => {
    await eksDr('preflight', '--estate', join(exampleFolder(root), 'eks-dr.yaml'), '--mode', 'drill');
    for (const { by, text } of said) expect(secretsIn(text, secrets), by).to.deep.equal([]);
  });

  it('stand in no file: records, plans, approvals, reports, archives, the generated repository, what a killed process left', async () => {
    const estate = join(exampleFolder(root), 'eks-dr.yaml');
    await eksDr('inventory', '--estate', estate, '--out', join(folder, 'last-good.json'));
    await eksDr('generate', '--estate', estate, '--out', join(folder, 'jenkins'));
    await served.save();
    const all = [...secrets, ...kubernetesSecretsIn(served.running.sandbox.world)];
    expect(all.length).to.be.greaterThan(secrets.length);
    const found = await secretsInFolder(folder, all);
    // What the sandbox keeps of itself is the remote side, and proves that they would be found.
    const own = Object.keys(found).filter((path) => basename(path) !== 'world.json');
    expect(Object.keys(found)).to.include(join(folder, 'world.json'));
    expect(own.map((path) => path.slice(folder.length + 1))).to.deep.equal([]);
  });

  it('stand in the arguments of no process', () => {
    expect(watched.found()).to.deep.equal([]);
  });
});

/** Puts a mark of its own on each of these credentials, wherever they stand in a value. */
function planter(credentials: readonly string[]): <T>(value: T) => T {
  const marked = credentials.map((secret) => [secret, `${secret}-${randomBytes(9).toString('hex')}`] as const);
  return (value) => {
    const text = marked.reduce((rest, [secret, canary]) => rest.replaceAll(`"${secret}"`, `"${canary}"`), JSON.stringify(value));
    return JSON.parse(text) as typeof value;
  };
}

/** A refusal in the vendor's words that repeats a credential in some form. */
function echo(secrets: readonly string[], turn: number): FaultEffect {
  const secret = secrets[turn % secrets.length] ?? '';
  const forms = [secret, Buffer.from(`user:${secret}`).toString('base64'), encodeURIComponent(secret), JSON.stringify(secret)];
  return { status: turn % 2 === 0 ? 403 : 400, message: `the credential ${forms[turn % forms.length]} is not welcome` };
}

/** The page of a proxy that shows what it was sent. */
function page(secrets: readonly string[]): FaultEffect {
  const rows = secrets.map((secret) => `<p>${secret} ${Buffer.from(secret).toString('base64')}</p>`).join('');
  return { body: `<html><body>${rows}</body></html>`, status: 403, contentType: 'text/html' };
}
