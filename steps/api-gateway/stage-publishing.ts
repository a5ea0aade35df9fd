import type { Write } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { deploymentMark, type MarkedDeployment, markedDeployments } from './deployment-mark.ts';
import { openApi } from './open-api.ts';
import { type GatewayClients, readLinks } from './read-links.ts';
import type { GatewayApiClient, GatewayDeployment, GatewayStage } from './stage-api.ts';

/** A stage of an API, as plans name it. */
export interface StageRef {
  readonly region: string;
  readonly api: string;
  readonly stage: string;
}

/** A stage of an API, found for publishing. */
export interface FoundStage {
  readonly api: GatewayApiClient;
  /** All stages of the API. */
  readonly stages: readonly GatewayStage[];
  readonly stage: GatewayStage;
  readonly deployments: readonly GatewayDeployment[];
}

/** Whose deployment a stage serves; null: none that a run made. */
interface Published {
  readonly run: string | null;
}

/**
 * Publishes a stage, or leads it back to the deployment that ours replaced. `look` comes right before a deployment: it throws where the API
 * may not be published as it is now, and may answer what to mark the deployment with, where that can't be read itself.
 */
export async function publish<State extends Published>(
  clients: GatewayClients,
  { id: at, before, after }: Pick<Write<StageRef, State>, 'id' | 'before' | 'after'>,
  look: (found: FoundStage, after: State) => Promise<string | undefined>,
): Promise<void> {
  if (after === null) {
    throw new EksDrError('conflict', {
      message: `The stage ${at.stage} of the API ${at.api} would be deleted: stages are neither made nor deleted.`,
      target: `API ${at.api} in ${at.region}`,
    });
  }
  const found = await stageToPublish(clients, at);
  const { api, stage } = found;
  const ours = markedDeployments(found.deployments, at.stage);
  const isBack = after.run === null || (after.run !== before?.run && ours.some(({ run }) => run === after.run));
  if (isBack) {
    const going = ours.filter(({ run }) => run === before?.run);
    return leadBack(api, stage, going);
  }
  const content = await look(found, after);
  // What the stage served before the first deployment of the run.
  const replaced = ours.find(({ id, run }) => id === stage.deployment && run === after.run)?.replaced ?? stage.deployment;
  await api.deploy(at.stage, deploymentMark(after.run ?? '', at.stage, replaced, content));
}

async function stageToPublish(clients: GatewayClients, at: StageRef): Promise<FoundStage> {
  const api = await openApi(clients, { region: at.region, id: at.api }, () => readLinks(clients, at.region));
  const stages = (await api?.stages()) ?? [];
  const stage = stages.find(({ name }) => name === at.stage);
  if (api !== null && stage !== undefined) return { api, stages, stage, deployments: await api.deployments() };
  throw new EksDrError('conflict', {
    message: `There is no stage ${at.stage} of the API ${at.api}: stages are neither made nor deleted.`,
    target: `API ${at.api} in ${at.region}`,
  });
}

/** Has a stage serve the deployment that ours replaced, and deletes ours. */
async function leadBack(api: GatewayApiClient, stage: GatewayStage, ours: readonly MarkedDeployment[]): Promise<void> {
  const serving = ours.find(({ id }) => id === stage.deployment);
  if (serving !== undefined) await api.point(stage.name, serving.replaced);
  for (const { id } of ours) await api.remove(id);
}
