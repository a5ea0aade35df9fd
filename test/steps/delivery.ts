import { setMaxListeners } from 'node:events';
import { commitFiles } from '../../sandbox/gitlab/repository.ts';
import { endpointOf } from '../../sandbox/kubernetes/clusters.ts';
import { applyManifest } from '../../sandbox/kubernetes/delivery.ts';
import { settleCluster } from '../../sandbox/kubernetes/seed.ts';
import { type RunningSandbox, startSandbox } from '../../sandbox/server.ts';
import { allSystems } from '../../sandbox/systems.ts';
import type { World } from '../../sandbox/world.ts';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import { type ArgoCd, connectArgoCd } from '../../steps/clients/argocd.ts';
import type { Clients } from '../../steps/clients/clients.ts';
import { connectGitLab, type GitLab } from '../../steps/clients/gitlab.ts';
import { once } from '../../steps/clients/memoised.ts';
import { planning } from '../../steps/clients/planning.ts';
import { connectCluster } from '../../steps/connect-cluster.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import { readApplications } from '../../steps/inventory/parts/applications.ts';
import { readTemplates } from '../../steps/inventory/parts/templates.ts';
import { servicesOf } from '../../steps/inventory/services.ts';
import { applyPlan } from '../../steps/kit/applying.ts';
import type { Driver } from '../../steps/kit/driver.ts';
import type { Engine } from '../../steps/kit/engine.ts';
import type { PlanItem } from '../../steps/kit/plan.ts';
import { planDescription } from '../../steps/kit/planning.ts';
import { type Change, type Description, isWait } from '../../steps/kit/resource.ts';
import type { Run } from '../../steps/kit/run.ts';
import type { Step } from '../../steps/step.ts';
import { seedLoadBalancerController } from '../sandbox/kubernetes/load-balancer-controller.ts';
import { CLUSTER, REGION, RUNNER, seedRunningCluster } from './cluster.ts';
import { estateWith, runWith } from './context.ts';
import { remoteClients, SCALE, setEnvironment } from './remote.ts';

/** Argo CD, GitLab and a recovery cluster in the sandbox, with our clients and an engine over them. Only one at a time: the SDK reads the process's environment. */
export interface Delivery {
  readonly running: RunningSandbox;
  readonly argocd: ArgoCd;
  readonly gitlab: GitLab;
  readonly clients: Clients;
  readonly estate: Estate;
  readonly lines: string[];
  /** What connect-cluster tells of the recovery cluster. */
  readonly connected: { cluster: string; region: string; endpoint: string; ca: string; version: string };
  /** The inventory, read as take-inventory does. */
  inventory(): Promise<unknown>;
  plan(
    step: Step,
    needs: object,
    options?: { readonly run?: Run; readonly undo?: boolean; readonly estate?: Estate },
  ): Promise<PlanItem[][]>;
  apply(step: Step, items: PlanItem[][], options?: { readonly run?: Run }): Promise<void>;
  finish<O>(step: Step, needs: object, options?: { readonly run?: Run; readonly estate?: Estate }): Promise<O>;
  /** Makes the namespaces on the recovery cluster, as prepare-namespaces does. */
  makeNamespaces(...names: string[]): void;
  gitlabAs(token: string): Promise<GitLab>;
  /** Commits to the main branch of the templates' project, as somebody of the platform; null takes a file away. */
  commit(files: Readonly<Record<string, string | null>>): void;
  stop(): Promise<void>;
}

export async function startDelivery(
  options: { readonly estate?: Partial<Estate>; readonly services?: 'all' | 'small'; readonly prepare?: (world: World) => void } = {},
): Promise<Delivery> {
  const world = shopWorld({ services: options.services ?? 'small' });
  seedRunningCluster(world);
  const at = { region: REGION, cluster: CLUSTER };
  seedLoadBalancerController(world, at, RUNNER, world.clock - 3_600_000);
  settleCluster(world, at, world.clock);
  options.prepare?.(world);
  const running = await startSandbox({ world, scale: SCALE, systems: allSystems });
  const estate = estateWith(options.estate ?? {});
  const restore = setEnvironment(running.environment);
  const lines: string[] = [];
  const remote = remoteClients(lines, {});
  const { clock, signal, log } = remote;
  setMaxListeners(0, signal);
  const connection = { estate, environment: running.environment, clock, signal };
  const argocd = connectArgoCd(connection);
  const gitlab = await connectGitLab(connection);
  const refuse = (): never => {
    throw new Error('this test has no such client');
  };
  const clients: Clients = { ...remote, terraform: refuse, vault: refuse, argocd: async () => argocd, gitlab: async () => gitlab };
  // Each phase is a process of its own, and knows nothing of what the others read.
  const ofOnePhase = (): Clients => ({ ...clients, gitlab: once(() => connectGitLab(connection)) });
  const context = (needs: object, run: Run, other: Estate = estate, its: Clients = clients): never =>
    ({ estate: other, run, clients: its, clock, log, signal, needs, folder: { records: {}, plans: [] } }) as never;
  const engine = (step: Step, run: Run, direction: 'forward' | 'undo', its: Clients = clients): Engine<Clients> => ({
    run,
    direction,
    clients: its,
    clock,
    log,
    signal,
    driver: (kind) => found(step.drivers, (driver: Driver<Clients>) => driver.kind === kind, kind),
    wait: (name) => found(step.waits, (wait) => wait.wait === name, name),
  });

  return {
    running,
    argocd,
    gitlab,
    clients,
    estate,
    lines,
    connected: connectCluster.outputs.parse({
      cluster: CLUSTER,
      region: REGION,
      endpoint: endpointOf(running.sandbox, { region: REGION, cluster: CLUSTER }),
      ca: Buffer.from(running.sandbox.ca).toString('base64'),
      version: '1.34',
      accountId: '111122223333',
      vpcId: 'vpc-0a',
      clusterSecurityGroupId: 'sg-0a',
      oidcIssuer: 'https://oidc.example.com/id/0A',
    }),
    inventory: async () => inventoryOf(argocd, await connectGitLab(connection), estate),
    async plan(step, needs, { run = runWith(), undo = false, estate: other } = {}) {
      const its = planning(ofOnePhase());
      const description: Description = (await (undo ? step.undo : step.describe)?.(context(needs, run, other, its))) ?? [];
      return planDescription(engine(step, run, undo ? 'undo' : 'forward', its), description);
    },
    apply: (step, items, { run = runWith() } = {}) => applyPlan(engine(step, run, 'undo', ofOnePhase()), items),
    finish: async <O>(step: Step, needs: object, { run = runWith(), estate: other }: { run?: Run; estate?: Estate } = {}) =>
      (await step.finish(context(needs, run, other, ofOnePhase()))) as O,
    makeNamespaces(...names) {
      for (const name of names) {
        applyManifest(
          running.sandbox,
          { region: REGION, cluster: CLUSTER },
          { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
          'test',
        );
      }
    },
    gitlabAs: (token) => connectGitLab({ ...connection, environment: { ...running.environment, GITLAB_TOKEN: token } }),
    commit(files) {
      const { gitlab: hosted, clock: at } = running.sandbox.world;
      const project = Object.values(hosted.projects).find(({ path }) => path === estate.gitlab.project);
      if (project === undefined) throw new Error(`the world has no project ${estate.gitlab.project}`);
      commitFiles(project, { branch: 'main', message: 'Change', author: { name: 'Platform', email: 'platform@example.com' }, at, files });
    },
    async stop() {
      restore();
      await running.stop();
    },
  };
}

/** The changes of a plan, without its waits. */
export function changesIn(items: readonly (readonly PlanItem[])[]): Change[] {
  return items.flat().filter((item): item is Change => !isWait(item));
}

function found<T>(list: readonly T[], is: (item: T) => boolean, name: string): T {
  const item = list.find(is);
  if (item === undefined) throw new Error(`the step declares no ${name}`);
  return item;
}

/** Services and templates as take-inventory reads them; the rest of the inventory is none of these steps' business. */
async function inventoryOf(argocd: ArgoCd, gitlab: GitLab, estate: Estate): Promise<unknown> {
  const [{ applications }, templates] = await Promise.all([readApplications(argocd, estate), readTemplates(gitlab, estate)]);
  const { services } = servicesOf(applications, templates);
  return { services, templates, loadBalancers: [], networkPaths: { vpcId: '' } };
}
