import { expect } from 'chai';
import { dumpWorld } from '../../sandbox/dump.ts';
import { allSystems } from '../../sandbox/systems.ts';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import { differenceText, worldDifferences } from '../../scripts/drill/differences.ts';
import type { Clients } from '../../steps/clients/clients.ts';
import { steps } from '../../steps/index.ts';
import { applyPlan } from '../../steps/kit/applying.ts';
import type { Driver } from '../../steps/kit/driver.ts';
import type { Engine } from '../../steps/kit/engine.ts';
import { finder } from '../../steps/kit/keys.ts';
import { planDescription } from '../../steps/kit/planning.ts';
import { attacksBy, changeOf, LOCK } from '../attacks/attacks.ts';
import { lockState, prepareProduction } from '../attacks/prepare.ts';
import { failure } from '../failure.ts';
import { estateWith, runWith } from './context.ts';
import { type FullRemote, startFullRemote } from './full-remote.ts';

const estate = estateWith();
const run = runWith();
const attacks = attacksBy(run, estate);

describe('the drill guard, with every driver pointed at production', () => {
  let remote: FullRemote;
  let engine: Engine<Clients>;
  let untouched: unknown;
  const dump = (): unknown => structuredClone(dumpWorld(remote.running.sandbox.world, allSystems));
  const drivers = [...new Map(steps.flatMap((step) => step.drivers.map((driver) => [driver.kind, driver as Driver<Clients>]))).values()];

  before(async () => {
    remote = await startFullRemote(shopWorld({ services: 'small' }));
    const clients = remote.clients({ estate, run, environment: { EKS_DR_BREAK_LOCK: LOCK.ID } });
    const { clock, log, signal } = clients;
    const driver = finder(drivers, ({ kind }) => kind, 'a resource of kind');
    const wait = finder([], () => '', 'a wait');
    engine = { run, direction: 'forward', clients, clock, log, signal, driver, wait };
    await prepareProduction(remote.running.sandbox, clients, estate, run);
    await lockState(estate, run);
    untouched = dump();
  });
  after(() => remote.stop());

  for (const attack of attacks) {
    it(`refuses ${attack.title}, in a plan and in a forged one`, async () => {
      const change = await changeOf(attack, engine.clients, engine.driver(attack.kind));
      await failure('drill-guard', planDescription(engine, [{ kind: change.kind, id: change.id, desired: change.after }]));
      await failure('drill-guard', applyPlan(engine, [[change]]));
    });
  }

  it('was tried with every driver there is', () => {
    expect([...new Set(attacks.map(({ kind }) => kind))].toSorted()).to.deep.equal(drivers.map(({ kind }) => kind).toSorted());
  });

  it('left the world as it was', () => {
    const differences = worldDifferences(untouched, dump()).map(differenceText);
    // The reviewer of the sandbox approves whatever is open.
    expect(differences.filter((line) => !line.includes('> approvedBy >'))).to.deep.equal([]);
  });
});
