import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import type { WorldDifference } from '../../scripts/drill/differences.ts';
import type { Clients } from '../../steps/clients/clients.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import type { Run } from '../../steps/kit/run.ts';
import type { Step } from '../../steps/step.ts';
import { built } from '../built.ts';
import { exampleFolder, type ServedWorld, serveWorld } from '../stages/served-world.ts';
import { type Ended, startPhase } from '../stages/step-turn.ts';
import { startRun, walkOn } from '../stages/walk-run.ts';
import { type Attack, attacksBy, changeOf, LOCK } from './attacks.ts';
import { forgePlan } from './forge-plan.ts';
import { clientsIn } from './own-clients.ts';
import { lockState, prepareProduction } from './prepare.ts';

const root = join(import.meta.dirname, '..', '..');

/** What became of one attack: how the compiled step ended that was given it. */
export interface AttackEnd extends Attack, Ended {
  readonly step: string;
}

export interface AttackedDrill {
  readonly attacks: readonly AttackEnd[];
  /** What the attacks changed in the world, or what did change meanwhile; none, if the guard holds. */
  readonly differences: readonly WorldDifference[];
}

/**
 * Walks a drill of the small shop, step by step, with the compiled steps. Before the first step that has a driver is applied, its approved
 * plan is replaced, in a copy of the run folder, by one whose only change is an attack, approved too. Then the drill goes on.
 * Throws when the drill itself does not end well.
 */
export async function attackDrill(): Promise<AttackedDrill> {
  await built('eks-dr.js');
  const folder = await mkdtemp(join(tmpdir(), 'eks-dr-attacks-'));
  const served = await serveWorld({ folder, world: shopWorld({ services: 'small' }), speed: { steps: 60, remote: 400 }, root });
  try {
    const { run, estate, steps: all } = await startRun(served.place, root, 'drill');
    const own = clientsIn(served.place.environment, { estate, run, folder: exampleFolder(root) });
    try {
      await prepareProduction(served.running.sandbox, own.clients, estate, run);
      const scene: Scene = { served, folder, run, estate, clients: own.clients };
      const ends: AttackEnd[] = [];
      const differences: WorldDifference[] = [];
      await walkOn(served.place, all, {
        async beforeApply(step) {
          const open = attacksBy(run, estate).filter(({ kind }) => step.drivers.some((driver) => driver.kind === kind));
          const due = open.filter(({ title }) => !ends.some((end) => end.title === title));
          if (due.length === 0) return;
          const before = await served.settled();
          ends.push(...(await attackStep(scene, step, due)));
          differences.push(...(await served.differencesOnceSettled(before)));
        },
      });
      return { attacks: ends, differences };
    } finally {
      own.stop();
    }
  } finally {
    await served.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Scene {
  readonly served: ServedWorld;
  readonly folder: string;
  readonly run: Run;
  readonly estate: Estate;
  readonly clients: Clients;
}

/** Attacks with a step, each with a run folder of its own; those that lock the state come last, one by one. */
async function attackStep(scene: Scene, step: Step, attacks: readonly Attack[]): Promise<AttackEnd[]> {
  const limit = pLimit(3);
  const free = attacks.filter(({ locked }) => locked !== true);
  const ends = await Promise.all(free.map((attack) => limit(() => attackWith(scene, step, attack))));
  for (const attack of attacks.filter(({ locked }) => locked === true)) {
    const letGo = await lockState(scene.estate, scene.run);
    ends.push(await attackWith(scene, step, attack).finally(letGo));
  }
  return ends;
}

async function attackWith({ served, folder, clients }: Scene, step: Step, attack: Attack): Promise<AttackEnd> {
  const driver = step.drivers.find(({ kind }) => kind === attack.kind);
  if (driver === undefined) throw new Error(`${step.id} has no driver ${attack.kind}`);
  const copy = await mkdtemp(join(folder, 'attack-'));
  await cp(served.place.run, join(copy, 'run'), { recursive: true });
  await forgePlan(join(copy, 'run'), step.id, await changeOf(attack, clients, driver));
  const environment = { ...served.place.environment, XDG_CACHE_HOME: join(copy, 'cache'), EKS_DR_BREAK_LOCK: LOCK.ID };
  const place = { ...served.place, run: join(copy, 'run'), environment };
  const ended = await startPhase(place, { step: step.id, direction: 'forward' }, 'apply').ended;
  return { ...attack, ...ended, step: step.id };
}
