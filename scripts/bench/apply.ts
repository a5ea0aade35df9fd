import { join } from 'node:path';
import { loadEstate } from '../../pipeline/estate/load.ts';
import { RECOVERY_REGION as REGION } from '../../sandbox/worlds/names.ts';
import type { Clients } from '../../steps/clients/clients.ts';
import { steps } from '../../steps/index.ts';
import { applyPlan } from '../../steps/kit/applying.ts';
import type { Engine } from '../../steps/kit/engine.ts';
import type { PlanItem } from '../../steps/kit/plan.ts';
import { planDescription } from '../../steps/kit/planning.ts';
import type { Description } from '../../steps/kit/resource.ts';
import type { Run } from '../../steps/kit/run.ts';
import { RUN_LABEL } from '../../steps/naming.ts';
import { kubernetesObject } from '../../steps/resources/kubernetes-object.ts';
import { kubernetesSecret } from '../../steps/resources/kubernetes-secret.ts';
import { benchEngine, SECRET } from './engine.ts';
import { startSlowClusters } from './slow-clusters.ts';
import { type Spread, spreadOf } from './spread.ts';

export interface ApplyTimes {
  /** So many namespaces, and as many secrets: one in each. */
  readonly objects: number;
  readonly latencyMs: number;
  /** Milliseconds from connecting to the last change seen, as a plan is applied. */
  readonly ms: Spread;
  /** The same for the same changes, each begun when the one before was seen; once. */
  readonly oneByOneMs: number;
}

export interface ApplyOptions {
  readonly objects: number;
  readonly latencyMs: number;
  /** How often the plan is applied, each time to a fresh cluster. */
  readonly runs: number;
}

/** Makes an engine with connections of its own, as each process of a run has. */
type NewEngine = () => Engine<Clients>;

/**
 * Applies namespaces and secrets with the real engine, drivers and clients to clusters in the sandbox: one by one, and as a plan.
 * Throws when something was not applied.
 */
export async function measureApply(root: string, options: ApplyOptions): Promise<ApplyTimes> {
  const { objects, latencyMs } = options;
  const { estate } = await loadEstate(
    join(root, 'examples', 'shop', 'eks-dr.yaml'),
    steps.map(({ id }) => id),
  );
  const at = new Date().toISOString();
  const run: Run = {
    id: 'drill-bench',
    mode: 'drill',
    target: Object.keys(estate.targets)[0] ?? '',
    reason: 'to measure',
    incidentAt: at,
    startedAt: at,
    startedBy: 'bench',
    services: 'all',
    waivers: [],
  };
  const clusters = Array.from({ length: options.runs }, (_, index) => `engine-${index}`);
  const running = await startSlowClusters([...clusters, 'one-by-one'], run.id, latencyMs);
  Object.assign(process.env, running.environment);
  const engine: NewEngine = () => benchEngine(estate, run);
  try {
    const oneByOneMs = await measure(engine, describing('one-by-one', run.id, objects), (items) => items.flat().map((item) => [item]));
    const ms: number[] = [];
    for (const cluster of clusters) ms.push(await measure(engine, describing(cluster, run.id, objects), (items) => items));
    return { objects, latencyMs, ms: spreadOf(ms), oneByOneMs };
  } finally {
    await running.stop();
  }
}

async function measure(
  newEngine: NewEngine,
  describe: (clients: Clients) => Promise<Description>,
  arrange: (items: PlanItem[][]) => PlanItem[][],
): Promise<number> {
  const planning = newEngine();
  const description = await describe(planning.clients);
  const items = arrange(await planDescription(planning, description));
  const start = performance.now();
  await applyPlan(newEngine(), items);
  const ms = performance.now() - start;
  const [planned, wanted, left] = [items, description, await planDescription(planning, description)].map((list) => list.flat().length);
  if (planned !== wanted || left !== 0)
    throw new Error(`${wanted} objects were wanted, ${planned} planned; ${left} are left after applying`);
  return ms;
}

function describing(cluster: string, run: string, objects: number): (clients: Clients) => Promise<Description> {
  const at = { region: REGION, cluster };
  const names = Array.from({ length: objects }, (_, index) => `shop-${String(index).padStart(3, '0')}`);
  const labels = { [RUN_LABEL]: run };
  return async ({ secrets }) => {
    const data = { licenseKey: await secrets.field(SECRET) };
    return [
      names.map((name) =>
        kubernetesObject.resource({ ...at, apiVersion: 'v1', kind: 'Namespace', namespace: '', name }, { metadata: { labels } }),
      ),
      names.map((namespace) => kubernetesSecret.resource({ ...at, namespace, name: 'newrelic-license' }, { type: 'Opaque', labels, data })),
    ];
  };
}
