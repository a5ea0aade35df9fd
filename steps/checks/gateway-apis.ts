import { openApi } from '../api-gateway/open-api.ts';
import { toDeploy } from '../api-gateway/plan-publishing.ts';
import { lostWithoutDomain, noSuchApi } from '../api-gateway/problems.ts';
import { mayBeLost } from '../api-gateway/read-apis.ts';
import { type GatewayClients, readLinks } from '../api-gateway/read-links.ts';
import type { GatewayStage } from '../api-gateway/stage-api.ts';
import { type StageContent, undeployedEdits } from '../api-gateway/stage-content.ts';
import { type ApiRef, switchedApis } from '../api-gateway/switched-apis.ts';
import { switchedDomains } from '../api-gateway/switched-domains.ts';
import { asBearable } from '../kit/errors.ts';
import { DRILL_SCOPE } from '../kit/guard.ts';
import type { Finding } from '../kit/step.ts';
import { SCOPE_TAG } from '../naming.ts';
import type { Check } from '../step.ts';
import { blockerFrom } from './from-error.ts';

/** The APIs that this run will switch exist, those of a drill are marked for drills, and no stage waits for edits to be deployed. */
export const gatewayApis: Check = {
  id: 'gateway-apis',
  title: 'APIs of API Gateway exist and may be published',
  async run({ estate, run, clients }) {
    const newRegion = estate.targets[run.target]?.region ?? estate.primary.region;
    const left = switchedDomains(estate, run.mode, newRegion).map(({ region }) => region);
    const found = switchedApis(estate, run.mode).map(async (ref): Promise<readonly Finding[]> => {
      try {
        return await look(clients, ref, run.mode === 'drill');
      } catch (thrown) {
        const evidence = `API ${ref.id} in ${ref.region}`;
        const error = asBearable(thrown);
        if (!mayBeLost(error, { mode: run.mode, region: ref.region, newRegion })) return [blockerFrom(error, evidence)];
        if (!left.includes(ref.region)) return [blockerFrom(lostWithoutDomain(ref.region, [ref], error), evidence)];
        return [{ ...blockerFrom(error, evidence), severity: 'warning' }];
      }
    });
    return (await Promise.all(found)).flat();
  },
};

async function look(clients: GatewayClients, ref: ApiRef, drill: boolean): Promise<readonly Finding[]> {
  const api = await openApi(clients, ref, () => readLinks(clients, ref.region));
  if (api === null) return [blockerFrom(noSuchApi(ref), 'apigateway:GET')];
  const { owner, name } = api;
  const unmarked: Finding = {
    severity: 'blocker',
    message: `The API ${name} (${ref.id}) of drill.apis is not marked for drills.`,
    evidence: `it has no tag ${SCOPE_TAG}=${DRILL_SCOPE}`,
    remedy: `If nothing in production uses this API, tag it ${SCOPE_TAG}=${DRILL_SCOPE}; else name a copy in drill.apis.`,
  };
  const marked = owner.kind === 'drill-scope' && owner.scope === DRILL_SCOPE;
  const stages = toDeploy(await api.stages());
  const current = stages.length === 0 ? null : await api.current();
  if (api.kind === 'websocket') return [...(drill && !marked ? [unmarked] : []), ...unseenStages(ref, name, stages, current)];
  const waiting = await Promise.all(
    stages.map(async (stage): Promise<Finding[]> => {
      const live = await api.live(stage);
      const edits = current === null || live === null ? [] : undeployedEdits(live, current, null);
      const reasons = [...(stage.busy === null ? [] : [stage.busy]), ...edits];
      if (reasons.length === 0) return [];
      return [
        {
          severity: 'warning',
          message: `Stage ${stage.name} of the API ${name} (${ref.id}) could not be published tonight: it has edits that nobody deployed, or a canary release.`,
          evidence: reasons.slice(0, 5).join(', '),
          remedy: 'Have those who made the edits deploy them or take them back: the switch would publish them, and is refused instead.',
        },
      ];
    }),
  );
  return [...(drill && !marked ? [unmarked] : []), ...waiting.flat()];
}

/** Stages that would have to be published, and can't be compared with their API. */
function unseenStages(
  { id, publishUnseen }: ApiRef,
  name: string,
  stages: readonly GatewayStage[],
  current: StageContent | null,
): readonly Finding[] {
  const fixed = [...(current?.routes.values() ?? [])].some(({ uri }) => /^https?:\/\/(?!\$\{)/.test(uri));
  if (publishUnseen === true || stages.length === 0 || !fixed) return [];
  return [
    {
      severity: 'warning',
      message: `Stages ${stages.map((stage) => stage.name).join(', ')} of the WebSocket API ${name} (${id}) could not be published tonight, if their integrations lead to the primary: API Gateway does not tell what they serve.`,
      evidence: 'apigatewayv2: neither ExportApi nor GetDeployment tells what a deployment of a WebSocket API holds',
      remedy:
        'Say publishUnseen: true beside its id in the estate, if nobody edits this API without deploying; or have its stages deploy by themselves, or lead its integrations by a stage variable.',
    },
  ];
}
