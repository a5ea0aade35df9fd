import {
  ChangeResourceRecordSetsCommand,
  ChangeTagsForResourceCommand,
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  ListTagsForResourceCommand,
  ListTagsForResourcesCommand,
  type Tag,
} from '@aws-sdk/client-route-53';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import { takenBy } from '../taken-by.ts';
import { unique } from '../unique.ts';
import { CHANGE, CREATE_ZONE, DELETE_ZONE, LIST, QUOTAS, TAGS, TAGS_OF_SEVERAL } from './documentation.ts';
import type { Route53Subject } from './subjects.ts';
import { a, newZone, route53Client, type Zone } from './zone.ts';

const NOBODYS = 'Z00000000000000000000';

async function tagsOf({ client, id }: Zone): Promise<Tag[]> {
  const answer = await client.send(new ListTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId: id }));
  return answer.ResourceTagSet?.Tags ?? [];
}

async function addTags({ client, id }: Zone, ...AddTags: Tag[]): Promise<void> {
  await client.send(new ChangeTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId: id, AddTags }));
}

export const zones: readonly Assertion<Route53Subject>[] = [
  {
    title: 'refuses to read, change and tag a zone that does not exist with 404 and NoSuchHostedZone',
    concern: 'not found',
    source: LIST,
    async holds(aws) {
      const client = route53Client(aws);
      const Changes = [{ Action: 'CREATE' as const, ResourceRecordSet: a('www.example.com') }];
      const calls = [
        client.send(new GetHostedZoneCommand({ Id: NOBODYS })),
        client.send(new ListResourceRecordSetsCommand({ HostedZoneId: NOBODYS })),
        client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: NOBODYS, ChangeBatch: { Changes } })),
        client.send(new ListTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId: NOBODYS })),
        client.send(new DeleteHostedZoneCommand({ Id: NOBODYS })),
      ];
      for (const refusal of await Promise.all(calls.map(refusalOf))) {
        expect(refusal).to.include({ name: 'NoSuchHostedZone', status: 404 });
      }
    },
  },
  {
    title: 'answers a change that does not exist with 404 and NoSuchChange',
    concern: 'not found',
    source: CHANGE.replace('ChangeResourceRecordSets', 'GetChange'),
    async holds(aws) {
      const refusal = await refusalOf(route53Client(aws).send(new GetChangeCommand({ Id: 'C00000000000000000000' })));
      expect(refusal).to.include({ name: 'NoSuchChange', status: 404 });
    },
  },
  {
    title: 'refuses a second zone of one caller reference with 409 and HostedZoneAlreadyExists',
    concern: 'conflicts',
    source: CREATE_ZONE,
    deviations: takenBy('ministack', CREATE_ZONE, 'It answers with the zone of that reference.'),
    async holds(aws) {
      const client = route53Client(aws);
      const create = new CreateHostedZoneCommand({ Name: `${unique('zone')}.example.com`, CallerReference: unique('contract') });
      await client.send(create);
      expect(await refusalOf(client.send(create))).to.include({ name: 'HostedZoneAlreadyExists', status: 409 });
    },
  },
  {
    title: 'takes two zones of one name with different caller references',
    concern: 'writes',
    source: CREATE_ZONE,
    async holds(aws) {
      const zone = await newZone(aws);
      const again = await zone.client.send(new CreateHostedZoneCommand({ Name: zone.name, CallerReference: unique('contract') }));
      expect(again.HostedZone?.Name).to.equal(`${zone.name}.`);
      expect(again.HostedZone?.Id).to.not.equal(`/hostedzone/${zone.id}`);
    },
  },
  {
    title: 'refuses to delete a zone with records with 400 and HostedZoneNotEmpty, and deletes it when they are gone',
    concern: 'conflicts',
    source: DELETE_ZONE,
    async holds(aws) {
      const zone = await newZone(aws, a('www'));
      const Delete = new DeleteHostedZoneCommand({ Id: zone.id });
      expect(await refusalOf(zone.client.send(Delete))).to.include({ name: 'HostedZoneNotEmpty', status: 400 });
      await zone.all('DELETE', a(`www.${zone.name}`));
      await zone.client.send(Delete);
      expect(await refusalOf(zone.client.send(Delete))).to.include({ name: 'NoSuchHostedZone', status: 404 });
    },
  },
  {
    title: 'adds, overwrites and removes the tags of a zone',
    concern: 'writes',
    source: TAGS,
    async holds(aws) {
      const zone = await newZone(aws);
      await addTags(zone, { Key: 'team', Value: 'platform' }, { Key: 'eks-dr:scope', Value: 'drill' });
      await addTags(zone, { Key: 'team', Value: 'web' });
      const RemoveTagKeys = ['eks-dr:scope', 'never-set'];
      await zone.client.send(new ChangeTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId: zone.id, RemoveTagKeys }));
      expect(await tagsOf(zone)).to.deep.equal([{ Key: 'team', Value: 'web' }]);
    },
  },
  {
    title: 'keeps 10 tags on a zone and refuses one more',
    concern: 'validation',
    source: TAGS,
    deviations: takenBy('ministack', TAGS),
    async holds(aws) {
      const zone = await newZone(aws);
      await addTags(zone, ...Array.from({ length: 10 }, (_, index) => ({ Key: `k${index}`, Value: 'v' })));
      expect((await refusalOf(addTags(zone, { Key: 'k10', Value: 'v' }))).status).to.equal(400);
      expect(await tagsOf(zone)).to.have.length(10);
    },
  },
  {
    title: 'answers the tags of several zones at once',
    concern: 'reads',
    source: TAGS_OF_SEVERAL,
    deviations: {
      ministack: {
        instead: 'It has no ListTagsForResources.',
        seen: /^InvalidInput: Unknown Route53 endpoint: POST \/2013-04-01\/tags\/hostedzone$/,
        source: TAGS_OF_SEVERAL,
      },
    },
    async holds(aws) {
      const zone = await newZone(aws);
      const other = await newZone(aws);
      await addTags(zone, { Key: 'team', Value: 'web' });
      const ask = new ListTagsForResourcesCommand({ ResourceType: 'hostedzone', ResourceIds: [zone.id, other.id] });
      const { ResourceTagSets = [] } = await zone.client.send(ask);
      const found = new Map(ResourceTagSets.map(({ ResourceId, Tags }) => [ResourceId, Tags ?? []]));
      expect([found.get(zone.id), found.get(other.id)]).to.deep.equal([[{ Key: 'team', Value: 'web' }], []]);
    },
  },
  {
    title: 'refuses requests over the rate of the account with 400 and Throttling',
    concern: 'validation',
    source: QUOTAS,
    deviations: takenBy('ministack', QUOTAS, 'It counts no requests.'),
    async holds(aws) {
      await aws.withSpentQuota(async () => {
        const refusal = await refusalOf(route53Client(aws).send(new ListHostedZonesCommand({})));
        expect(refusal).to.deep.equal({ name: 'Throttling', status: 400, message: 'Rate exceeded' });
      });
    },
  },
  {
    title: 'refuses a batch for a zone that is still at another with 400 and PriorRequestNotComplete',
    concern: 'conflicts',
    source: CHANGE,
    deviations: takenBy('ministack', CHANGE, 'It applies a batch at once.'),
    async holds(aws) {
      const zone = await newZone(aws);
      await aws.whileBusy(zone.id, async () => {
        const refusal = await refusalOf(zone.all('CREATE', a(`www.${zone.name}`)));
        expect(refusal).to.include({ name: 'PriorRequestNotComplete', status: 400 });
      });
      expect(await zone.records()).to.deep.equal([]);
    },
  },
];
