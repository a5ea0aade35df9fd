import * as z from 'zod';
import { markedDeployments } from '../api-gateway/deployment-mark.ts';
import { endpointText } from '../api-gateway/gateway-endpoint.ts';
import { openApi } from '../api-gateway/open-api.ts';
import { unpublishable } from '../api-gateway/problems.ts';
import type { GatewayClients, Links } from '../api-gateway/read-links.ts';
import type { GatewayApiClient, GatewayDeployment, GatewayStage } from '../api-gateway/stage-api.ts';
import { type StageContent, undeployedEdits } from '../api-gateway/stage-content.ts';
import { publish } from '../api-gateway/stage-publishing.ts';
import { type DriverSpec, fieldByField, type Observed, single, type Write } from '../kit/driver.ts';
import type { EksDrError } from '../kit/errors.ts';
import { readByApi } from './gateway-reading.ts';

const id = z.strictObject({ region: z.string(), api: z.string(), stage: z.string() });

const state = z.strictObject({
  /** Where each route leads: `GET /cart` -> its endpoint in one line. */
  routes: z.record(z.string(), z.string()),
  /** Whose deployment the stage serves, or still has; null: none that a run made. */
  run: z.string().nullable(),
});

type Id = z.infer<typeof id>;
export type DeploymentState = z.infer<typeof state>;

/** Why a stage can't be published: as of the last reading. */
interface Reading {
  readonly busy: string | null;
  edits(wanted: ReadonlyMap<string, string>): string[];
}

/**
 * What a stage serves, told by where its routes lead. Publishing takes everything that the API says: a stage with edits that others have
 * not deployed is refused. The way back is the deployment that it served before, which is still there; ours goes then.
 */
export function deploymentDriver(kind: string, noun: string): DriverSpec<Id, DeploymentState, GatewayClients> {
  return {
    kind,
    noun,
    compareAndSwap: {
      cas: 'no',
      window:
        'between the last look, which compares the API with the stage, and the deployment: some seconds where others are deployed before it',
    },
    permissions: { read: ['apigateway:GET'], write: ['apigateway:POST', 'apigateway:PATCH', 'apigateway:DELETE'] },
    concurrency: 2,
    visibleWithinSeconds: 60,
    id,
    state,
    label: ({ api, stage }) => `stage ${stage} of ${api}`,
    refuse: (at, { version }, desired) => refusal(at, version as Reading | undefined, desired),
    halfWritten: fieldByField,
    read: (clients, ids) => readByApi(clients, ids, (...of) => readApi(clients, ...of)),
    write: single(writeOne),
  };
}

async function readApi(
  clients: GatewayClients,
  { region, api: id }: Pick<Id, 'region' | 'api'>,
  links: Links,
  members: readonly Id[],
): Promise<[Id, Observed<DeploymentState>][]> {
  const api = await openApi(clients, { region, id }, links);
  if (api === null) return [];
  const [stages, current, deployments] = await Promise.all([api.stages(), api.current(), api.deployments()]);
  return Promise.all(
    members.map(async (at): Promise<[Id, Observed<DeploymentState>]> => [at, await observe(api, at, { stages, current, deployments })]),
  );
}

interface ApiContent {
  readonly stages: readonly GatewayStage[];
  readonly current: StageContent;
  readonly deployments: readonly GatewayDeployment[];
}

async function observe(api: GatewayApiClient, at: Id, { stages, current, deployments }: ApiContent): Promise<Observed<DeploymentState>> {
  const stage = stages.find(({ name }) => name === at.stage);
  if (stage === undefined) return { state: null, owner: api.owner };
  const live = await api.live(stage);
  if (live === null) return { state: null, owner: api.owner };
  const marks = markedDeployments(deployments, at.stage);
  const mark = marks.find((one) => one.id === stage.deployment) ?? marks.at(-1);
  const reading: Reading = { busy: stage.busy, edits: (wanted) => undeployedEdits(live, current, wanted) };
  return {
    state: { routes: Object.fromEntries([...live.routes].map(([route, to]) => [route, endpointText(to)])), run: mark?.run ?? null },
    owner: api.owner,
    version: reading,
  };
}

function refusal(at: Id, reading: Reading | undefined, desired: DeploymentState): EksDrError | null {
  if (reading === undefined || desired.run === null) return null;
  const edits = reading.edits(new Map(Object.entries(desired.routes)));
  return reading.busy === null && edits.length === 0 ? null : unpublishable(at, reading.busy, edits);
}

function writeOne(clients: GatewayClients, write: Write<Id, DeploymentState>): Promise<void> {
  const { id: at } = write;
  return publish(clients, write, async ({ api, stages, deployments }, after) => {
    // Deployments wait for their turn, longer than it takes somebody to edit the API.
    const { version } = await observe(api, at, { stages, current: await api.current(), deployments });
    const refused = refusal(at, version as Reading | undefined, after);
    if (refused !== null) throw refused;
    return undefined;
  });
}
