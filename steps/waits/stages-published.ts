import * as z from 'zod';
import { markedDeployments } from '../api-gateway/deployment-mark.ts';
import { openApi } from '../api-gateway/open-api.ts';
import type { GatewayClients } from '../api-gateway/read-links.ts';
import { defineWait } from '../kit/wait.ts';

const stage = z.strictObject({ region: z.string(), api: z.string(), stage: z.string() });
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

async function serves(clients: GatewayClients, run: string, { region, api: id, stage: name }: z.infer<typeof stage>): Promise<boolean> {
  const api = await openApi(clients, { region, id }, []);
  if (api === null) return false;
  const [stages, deployments] = await Promise.all([api.stages(), api.deployments()]);
  const live = stages.find((one) => one.name === name)?.deployment;
  return markedDeployments(deployments, name).some((one) => one.id === live && one.run === run);
}
