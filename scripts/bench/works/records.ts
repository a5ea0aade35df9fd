import { iam } from '../../../sandbox/iam/system.ts';
import { propagationTime } from '../../../sandbox/route53/change-records.ts';
import type { RecordSet } from '../../../sandbox/route53/state.ts';
import { route53 } from '../../../sandbox/route53/system.ts';
import { createZone } from '../../../sandbox/route53/zones.ts';
import { startSandbox } from '../../../sandbox/server.ts';
import { sts } from '../../../sandbox/sts/system.ts';
import { emptyWorld } from '../../../sandbox/worlds/empty.ts';
import type { Clients } from '../../../steps/clients/clients.ts';
import { isWait } from '../../../steps/kit/resource.ts';
import { switchRoute53 } from '../../../steps/switch-route53.ts';
import { documented } from '../rated/documented.ts';
import { DRILL_TAGS, needs, pair } from '../rated/endpoints.ts';
import type { RatedWork } from '../rated/rated-work.ts';
import { describeStep } from '../rated/step-context.ts';

const MOST_ZONES = 20;
/** `aws route53 wait resource-record-sets-changed` looks so often. */
const SCRIPT_POLL_SECONDS = 30;

/** Aliases, CNAMEs and weighted records, until every name server has them. The TTL that follows is left out: it is the same for everybody. */
export const records: RatedWork = {
  title: `records of Route 53 over ${MOST_ZONES} zones`,
  drivers: switchRoute53.drivers,
  waits: [],
  scale: 2,
  async start(objects, scale) {
    const world = emptyWorld();
    const names = Array.from({ length: Math.min(MOST_ZONES, objects) }, (_, index) => `zone-${index}.example.com`);
    const zones = names.map((name, zone) => {
      const count = Math.ceil((objects - zone) / names.length);
      return createZone(world, { name, tags: DRILL_TAGS, records: Array.from({ length: count }, (_, index) => recordOf(name, index)) });
    });
    const running = await startSandbox({ world, scale, systems: [sts, iam, route53] });
    return {
      running,
      async describe(clients, estate, run) {
        const drill = { ...estate.drill, zones: zones.map(({ id, name }) => ({ id, name })) };
        const description = await describeStep(switchRoute53, { clients, estate: { ...estate, drill }, run, needs });
        return description.filter((entry) => !('wait' in entry && isWait(entry)));
      },
      stages(calls) {
        const reads = ['ListResourceRecordSets', 'ListTagsForResource', 'ListTagsForResources'];
        const looks = reads.reduce((sum, name) => sum + calls(`route53:${name}`), 0);
        const changes = calls('route53:ChangeResourceRecordSets');
        return [
          { requests: { route53: looks / 2 + changes }, thenSeconds: propagationTime / 1000 },
          { requests: { route53: changes + looks / 2 } },
        ];
      },
      limits: documented('route53'),
      script: async (clients) => {
        for (const { id } of zones) await switchZone(clients, id);
      },
    };
  },
};

function recordOf(zone: string, index: number): RecordSet {
  const group = Math.floor(index / 5);
  const alias = { HostedZoneId: pair.old.zoneId, DNSName: pair.old.dnsName, EvaluateTargetHealth: true };
  const shapes: RecordSet[] = [
    { Name: `shop-${group}.${zone}`, Type: 'A', AliasTarget: alias },
    { Name: `shop-${group}.${zone}`, Type: 'AAAA', AliasTarget: { ...alias, DNSName: `dualstack.${alias.DNSName}` } },
    { Name: `www-${group}.${zone}`, Type: 'CNAME', TTL: 300, ResourceRecords: [pair.old.dnsName] },
    { Name: `api-${group}.${zone}`, Type: 'A', SetIdentifier: 'main', Weight: 90, AliasTarget: alias },
    { Name: `api-${group}.${zone}`, Type: 'A', SetIdentifier: 'canary', Weight: 10, AliasTarget: alias },
  ];
  return shapes[index % shapes.length] as RecordSet;
}

/** One batch for the whole zone, as a good script does it. */
async function switchZone({ route53: connect, clock }: Clients, HostedZoneId: string): Promise<void> {
  const client = await connect();
  const { ResourceRecordSets = [] } = await client.listResourceRecordSets({ HostedZoneId });
  const old = (text = '') => text.includes(pair.old.dnsName);
  const Changes = ResourceRecordSets.filter(({ AliasTarget, ResourceRecords }) =>
    old(AliasTarget?.DNSName ?? ResourceRecords?.[0]?.Value),
  ).map(({ AliasTarget, ...record }) => ({
    Action: 'UPSERT' as const,
    ResourceRecordSet: {
      ...record,
      ...(AliasTarget === undefined
        ? { ResourceRecords: [{ Value: pair.new.dnsName }] }
        : { AliasTarget: { ...AliasTarget, HostedZoneId: pair.new.zoneId, DNSName: pair.new.dnsName } }),
    },
  }));
  const { ChangeInfo } = await client.changeResourceRecordSets({ HostedZoneId, ChangeBatch: { Changes } });
  while ((await client.getChange({ Id: ChangeInfo?.Id })).ChangeInfo?.Status !== 'INSYNC') await clock.sleep(SCRIPT_POLL_SECONDS);
}
