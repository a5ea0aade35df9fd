import * as z from 'zod';
import { markedDeployments } from '../api-gateway/deployment-mark.ts';
import type { GatewayClients } from '../api-gateway/read-links.ts';
import { unlessMissing } from '../clients/aws-errors.ts';
import { defineWait } from '../kit/wait.ts';

/** `type`: the two are asked in different ways. */
const stage = z.strictObject({ region: z.string(), api: z.string(), type: z.enum(['rest', 'http']), stage: z.string() });
const args = z.strictObject({ run: z.string(), stages: z.array(stage) });

/** Stages serve the deployments of a run. What those take, one in five seconds, is expected here, so that it is known before approval. */
export const stagesPublished = defineWait<z.infer<typeof args>, GatewayClients>({
  wait: 'stages-published',
  args,
  title: ({ stages }) => `${stages.length} stages serve what was switched; API Gateway takes one deployment in five seconds`,
  expectedSeconds: 5,
  limitSeconds: 300,
  everySeconds: 5,
  only: 'changes',
  async look(clients, { run, stages }) {
    const served = await Promise.all(stages.map((one) => serves(clients, run, one)));
    const others = stages.filter((_, index) => served[index] !== true);
    if (others.length === 0) return { done: true };
    const some = others.slice(0, 3).map(({ api, stage: name }) => `${name} of ${api}`);
    return { done: false, reason: `${others.length} of ${stages.length} serve another deployment, such as ${some.join(', ')}` };
  },
});

async function serves(clients: GatewayClients, run: string, at: z.infer<typeof stage>): Promise<boolean> {
  const found = await unlessMissing(at.type === 'rest' ? restDescription(clients, at) : httpDescription(clients, at), 'NotFoundException');
  return markedDeployments([{ id: '', description: found ?? '' }], at.stage).some((mark) => mark.run === run);
}

interface At {
  readonly region: string;
  readonly api: string;
  readonly stage: string;
}

/** The description of the deployment that a stage serves. */
async function restDescription({ apiGateway }: GatewayClients, { region, api: restApiId, stage: stageName }: At): Promise<string> {
  const gateway = await apiGateway(region);
  const { deploymentId } = await gateway.getStage({ restApiId, stageName });
  return (await gateway.getDeployment({ restApiId, deploymentId })).description ?? '';
}

async function httpDescription({ apiGatewayV2 }: GatewayClients, { region, api: ApiId, stage: StageName }: At): Promise<string> {
  const gateway = await apiGatewayV2(region);
  const { DeploymentId } = await gateway.getStage({ ApiId, StageName });
  return (await gateway.getDeployment({ ApiId, DeploymentId })).Description ?? '';
}
