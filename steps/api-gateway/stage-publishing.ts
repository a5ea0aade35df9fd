import { EksDrError } from '../kit/errors.ts';
import type { MarkedDeployment } from './deployment-mark.ts';
import { openApi } from './open-api.ts';
import { type GatewayClients, readLinks } from './read-links.ts';
import type { GatewayApiClient, GatewayStage } from './stage-api.ts';

/** A stage of an API, as plans name it. */
export interface StageRef {
  readonly region: string;
  readonly api: string;
  readonly stage: string;
}

interface FoundStage {
  readonly api: GatewayApiClient;
  readonly stages: readonly GatewayStage[];
  readonly stage: GatewayStage;
}

/** A stage that is to be published or led back, with its API and all stages of it. */
export async function stageToPublish(clients: GatewayClients, at: StageRef): Promise<FoundStage> {
  const api = await openApi(clients, { region: at.region, id: at.api }, () => readLinks(clients, at.region));
  const stages = (await api?.stages()) ?? [];
  const stage = stages.find(({ name }) => name === at.stage);
  if (api !== null && stage !== undefined) return { api, stages, stage };
  throw new EksDrError('conflict', {
    message: `There is no stage ${at.stage} of the API ${at.api}: stages are neither made nor deleted.`,
    target: `API ${at.api} in ${at.region}`,
  });
}

/** Has a stage serve the deployment that ours replaced, and deletes ours. */
export async function leadBack(api: GatewayApiClient, stage: GatewayStage, ours: readonly MarkedDeployment[]): Promise<void> {
  const serving = ours.find(({ id }) => id === stage.deployment);
  if (serving !== undefined) await api.point(stage.name, serving.replaced);
  for (const { id } of ours) await api.remove(id);
}
