import { S3 } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import type { Clients } from '../../steps/clients/clients.ts';
import { stackOf } from '../../steps/clients/terraform-stack-ref.ts';
import type { LockHolder } from '../../steps/clients/terraform-types.ts';
import { createCluster } from '../../steps/create-cluster.ts';
import { applyPlan } from '../../steps/kit/applying.ts';
import type { Engine } from '../../steps/kit/engine.ts';
import { finder } from '../../steps/kit/keys.ts';
import type { Direction, PlanItem } from '../../steps/kit/plan.ts';
import { planDescription } from '../../steps/kit/planning.ts';
import type { Change, Description } from '../../steps/kit/resource.ts';
import { stackState } from '../../steps/resources/terraform/state.ts';
import { failure } from '../failure.ts';
import { contextOf, estateWith, runWith } from './context.ts';
import { type FullRemote, startFullRemote } from './full-remote.ts';

describe('create-cluster', function () {
  this.timeout(180_000);
  let remote: FullRemote;
  const estate = estateWith();
  const run = runWith();

  const world = shopWorld({ services: 'small' });
  const created = () => world.eks.clusters['eu-central-1/shop-drill-1'];

  before(async () => {
    remote = await startFullRemote(world, 400);
  });
  after(() => remote.stop());

  const context = (clients: Clients) => contextOf({ clients } as never, { needs: {}, estate, run });
  const engine = (clients: Clients, direction: Direction = 'forward'): Engine<Clients> => ({
    run,
    direction,
    clients,
    clock: clients.clock,
    log: clients.log,
    signal: clients.signal,
    driver: finder(createCluster.drivers, ({ kind }) => kind, 'a resource of kind'),
    wait: finder(createCluster.waits, (entry) => entry.wait, 'a wait'),
  });
  const plan = async (clients: Clients): Promise<PlanItem[][]> =>
    planDescription(engine(clients), (await createCluster.describe?.(context(clients))) ?? []);
  const changes = (items: PlanItem[][]): Change[] => items.flat().filter((item): item is Change => 'kind' in item);
  const actionOf = (items: PlanItem[][], address: string): string | undefined =>
    stackState
      .parse(changes(items).find(({ kind }) => kind === 'terraform.stack')?.after)
      .resources.find((each) => each.address === address)?.action;
  const undo = async (clients: Clients): Promise<Description> => (await createCluster.undo?.({ ...context(clients), applied: [] })) ?? [];

  it('plans the stack, then waits for the cluster and its nodes', async () => {
    const items = await plan(remote.clients({ estate, run }));
    expect(items.map((wave) => wave.map((item) => ('kind' in item ? item.kind : item.wait)))).to.deep.equal([
      ['terraform.stack'],
      ['cluster-active', 'node-groups-active'],
    ]);
    expect(changes(items)[0]).to.deep.include({
      before: null,
      id: { directory: 'terraform', stateKey: 'eks-dr/drill-1.tfstate', region: 'eu-central-1' },
    });
  });

  describe('interrupted while the cluster is created', () => {
    let first: PlanItem[][];
    let createdAt: number;

    before(async () => {
      const controller = new AbortController();
      const clients = remote.clients({ estate, run, signal: controller.signal });
      first = await plan(clients);
      // Only once EKS has the request is it the wait that is cut short.
      const started = setInterval(() => {
        if (created() === undefined) return;
        clearInterval(started);
        controller.abort();
      }, 10);
      await failure('interrupted', applyPlan(engine(clients), first));
      createdAt = created()?.createdAt ?? 0;
    });

    it('leaves it tainted, as the provider does', async () => {
      const held = await (await remote.clients({ estate, run }).terraform()).resources(stackOf(estate, run));
      expect(held.filter(({ tainted }) => tainted).map(({ address }) => address)).to.deep.equal(['aws_eks_cluster.this']);
    });

    it('does not let the plan that created it replace it', async () => {
      await failure('drift', applyPlan(engine(remote.clients({ estate, run })), first));
      expect(remote.lines.join('\n')).to.match(/replace aws_eks_cluster.this, which EKS says is (CREATING|ACTIVE)/);
      expect(created()?.createdAt).to.equal(createdAt);
    });

    it('plans to replace it once EKS says that it failed', async () => {
      const cluster = created();
      if (cluster === undefined) throw new Error('there is no cluster');
      const { status, dueAt } = cluster;
      Object.assign(cluster, { status: 'FAILED', dueAt: Number.MAX_SAFE_INTEGER });
      const items = await plan(remote.clients({ estate, run }));
      Object.assign(cluster, { status, dueAt });
      expect(changes(items).map(({ kind }) => kind)).to.deep.equal(['terraform.stack']);
      expect(actionOf(items, 'aws_eks_cluster.this')).to.equal('replace');
    });

    it('keeps it on a rerun: the taint goes as a change to approve, and Terraform makes what is left', async () => {
      const clients = remote.clients({ estate, run });
      const items = await plan(clients);
      expect(items.map((wave) => wave.map((item) => ('kind' in item ? item.kind : item.wait)))).to.deep.equal([
        ['cluster-active'],
        ['terraform.taint'],
        ['terraform.stack'],
        ['cluster-active', 'node-groups-active'],
      ]);
      expect(changes(items)[0]).to.deep.include({ before: { tainted: true }, after: { tainted: false } });
      expect(actionOf(items, 'aws_eks_cluster.this')).to.equal('present');
      expect(actionOf(items, 'aws_eks_node_group.base')).to.equal('create');

      await applyPlan(engine(clients), items);
      expect(created()).to.deep.include({ createdAt, status: 'ACTIVE' });
      const outputs = createCluster.outputs.parse(await createCluster.finish(context(clients)));
      expect(outputs).to.deep.include({ cluster: 'shop-drill-1', region: 'eu-central-1', accountId: '111122223333' });
      expect(outputs.values).to.include({ cluster_name: 'shop-drill-1', region: 'eu-central-1' });
    });
  });

  describe('once applied', () => {
    it('keeps outputs that the module calls sensitive out of its own', async () => {
      const clients = remote.clients({ estate, run });
      const terraform = await clients.terraform();
      const outputs = async () => ({
        ...(await terraform.outputs(stackOf(estate, run))),
        password: { value: 'canary', sensitive: true, type: 'string' },
      });
      const found = await createCluster.finish(context({ ...clients, terraform: async () => ({ ...terraform, outputs }) }));
      expect(JSON.stringify(found)).to.include('cluster_name').and.not.include('canary').and.not.include('password');
    });

    it('has nothing left to change once it was applied', async () => {
      expect(changes(await plan(remote.clients({ estate, run })))).to.deep.equal([]);
    });
  });

  describe('with a locked state', () => {
    const lock = {
      ID: '250441c6-ff9a-087a-a089-9ef3145ae9d5',
      Operation: 'OperationTypeApply',
      Info: '',
      Who: 'alice@laptop',
      Version: '1.11.4',
      Created: '2026-11-24T03:00:38.885991844Z',
      Path: 'x',
    };

    before(async () => {
      const s3 = new S3({ region: 'eu-central-1', forcePathStyle: true });
      await s3.putObject({ Bucket: estate.terraform.backend.bucket, Key: 'eks-dr/drill-1.tfstate.tflock', Body: JSON.stringify(lock) });
    });

    it('names who holds it, and changes nothing', async () => {
      const error = await failure('conflict', plan(remote.clients({ estate, run })));
      expect(error.message).to.contain('alice@laptop').and.to.contain(lock.ID);
    });

    it('waits for a Terraform of its own that outlived its step, then plans with what that left', async () => {
      const clients = remote.clients({ estate, run });
      const terraform = await clients.terraform();
      const holders = ['own-alive', 'own-alive'] as const;
      let looks = 0;
      const lockNow = async (): Promise<LockHolder | null> => {
        const holder = holders[looks++];
        return holder === undefined ? null : { id: lock.ID, who: lock.Who, operation: lock.Operation, created: lock.Created, holder };
      };
      const looked = { ...terraform, lock: lockNow };
      const items = await plan({ ...clients, terraform: async () => looked });
      expect(looks).to.equal(3);
      expect(changes(items)).to.deep.equal([]);
    });

    it('breaks a lock whose holder is declared dead, as a change to approve', async () => {
      const clients = remote.clients({ estate, run, environment: { EKS_DR_BREAK_LOCK: lock.ID } });
      const items = await plan(clients);
      expect(changes(items)).to.have.length(1);
      expect(changes(items)[0]).to.deep.include({ kind: 'terraform.lock', after: null });
      await applyPlan(engine(clients), items);
      expect(changes(await plan(remote.clients({ estate, run })))).to.deep.equal([]);
    });
  });

  describe('at the end', () => {
    it('is undone to nothing', async () => {
      const clients = remote.clients({ estate, run });
      const items = await planDescription(engine(clients, 'undo'), await undo(clients));
      expect(changes(items)[0]).to.include({ kind: 'terraform.stack', after: null });
      await applyPlan(engine(clients, 'undo'), items);
      expect(changes(await planDescription(engine(clients, 'undo'), await undo(clients)))).to.deep.equal([]);
    });
  });
});
