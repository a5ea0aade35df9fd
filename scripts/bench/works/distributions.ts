import { addDistribution, DEPLOY_MS } from '../../../sandbox/cloudfront/distributions.ts';
import { cloudfront } from '../../../sandbox/cloudfront/system.ts';
import { iam } from '../../../sandbox/iam/system.ts';
import { startSandbox } from '../../../sandbox/server.ts';
import { sts } from '../../../sandbox/sts/system.ts';
import { emptyWorld } from '../../../sandbox/worlds/empty.ts';
import { BORN } from '../../../sandbox/worlds/names.ts';
import type { Clients } from '../../../steps/clients/clients.ts';
import { switchCloudfront } from '../../../steps/switch-cloudfront.ts';
import { DRILL_TAGS, needs, pair } from '../rated/endpoints.ts';
import type { RatedWork } from '../rated/rated-work.ts';
import { describeStep } from '../rated/step-context.ts';

/** AWS documents no rate. This is what accounts were seen to be refused at; we are not told. */
const UPDATES = { burst: 3, perMinute: 3 };
/** `aws cloudfront wait distribution-deployed` looks so often. */
const SCRIPT_POLL_SECONDS = 60;

/** Distributions of an account that takes three updates a minute, until every edge location has them. */
export const distributions: RatedWork = {
  title: `distributions of CloudFront in an account that takes ${UPDATES.perMinute} updates a minute`,
  drivers: switchCloudfront.drivers,
  waits: switchCloudfront.waits,
  scale: 45,
  async start(objects, scale) {
    const world = emptyWorld();
    world.cloudfront.updates = UPDATES;
    const ids = Array.from({ length: objects }, (_, index) => `EBENCH${String(index).padStart(7, '0')}`);
    for (const id of ids) addDistribution(world, { id, config: configOf(id), tags: DRILL_TAGS, at: BORN, deployedAt: BORN });
    const running = await startSandbox({ world, scale, systems: [sts, iam, cloudfront] });
    const update = 'cloudfront:UpdateDistribution';
    return {
      running,
      describe(clients, estate, run) {
        return describeStep(switchCloudfront, {
          clients,
          estate: { ...estate, drill: { ...estate.drill, distributions: ids } },
          run,
          needs,
        });
      },
      stages: (calls) => [{ requests: { [update]: calls(update) }, thenSeconds: DEPLOY_MS / 1000 }],
      limits: { [update]: { burst: UPDATES.burst, perSecond: UPDATES.perMinute / 60 } },
      script: async (clients) => {
        for (const id of ids) await switchDistribution(clients, id);
      },
    };
  },
};

function configOf(id: string) {
  const origin = {
    Id: 'shop',
    DomainName: pair.old.dnsName,
    CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'http-only' },
  };
  return {
    CallerReference: id,
    Comment: id,
    Enabled: true,
    Origins: { Quantity: 1, Items: [origin] },
    DefaultCacheBehavior: { TargetOriginId: origin.Id, ViewerProtocolPolicy: 'allow-all' },
  };
}

async function switchDistribution({ cloudfront: connect, clock }: Clients, Id: string): Promise<void> {
  const client = await connect();
  const { DistributionConfig, ETag } = await client.getDistributionConfig({ Id });
  const Items = (DistributionConfig?.Origins?.Items ?? []).map((origin) => ({ ...origin, DomainName: pair.new.dnsName }));
  if (DistributionConfig === undefined) throw new Error(`there is no distribution ${Id}`);
  const changed = { ...DistributionConfig, Origins: { Quantity: Items.length, Items } };
  await client.updateDistribution({ Id, IfMatch: ETag, DistributionConfig: changed });
  while ((await client.getDistribution({ Id })).Distribution?.Status !== 'Deployed') await clock.sleep(SCRIPT_POLL_SECONDS);
}
