import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { eventually } from '../eventually.ts';
import { refusalOf } from '../refusal.ts';
import { takenBy } from '../taken-by.ts';
import { CREATE, GET, LIST, ORIGIN, ORIGIN_GROUPS, TAG, UPDATE } from './documentation.ts';
import type { CloudFrontSubject } from './subjects.ts';
import { cloudfrontClient, commented, customOrigin, distributionWith, newDistribution } from './things.ts';

const NOBODYS = 'E0000000000000';
const api = customOrigin('api', 'api.example.com');

export const distributions: readonly Assertion<CloudFrontSubject>[] = [
  {
    title: 'refuses to read and update a distribution that does not exist with 404 and NoSuchDistribution',
    concern: 'not found',
    source: GET,
    async holds(aws) {
      const client = cloudfrontClient(aws);
      const update = { Id: NOBODYS, IfMatch: 'E1', DistributionConfig: distributionWith(api) };
      const calls = [
        client.getDistribution({ Id: NOBODYS }),
        client.getDistributionConfig({ Id: NOBODYS }),
        client.updateDistribution(update),
      ];
      for (const refusal of await Promise.all(calls.map(refusalOf)))
        expect(refusal).to.include({ name: 'NoSuchDistribution', status: 404 });
    },
  },
  {
    title: 'gives a configuration back as it was made, and lists its origins',
    concern: 'reads',
    async holds(aws) {
      const client = cloudfrontClient(aws);
      const headers = { Quantity: 1, Items: [{ HeaderName: 'X-Edge', HeaderValue: 'one' }] };
      const made = await newDistribution(client, distributionWith({ ...api, CustomHeaders: headers }));
      expect(made.config.Origins?.Items?.[0]).to.deep.include({ Id: 'api', DomainName: 'api.example.com' });
      expect(made.config.Origins?.Items?.[0]?.CustomHeaders).to.deep.equal(headers);
      const { DistributionList } = await client.listDistributions({});
      const listed = DistributionList?.Items?.find(({ Id }) => Id === made.id);
      expect(listed?.Origins?.Items?.[0]?.DomainName).to.equal('api.example.com');
    },
  },
  {
    title: 'lists distributions page by page',
    concern: 'paging',
    source: LIST,
    deviations: {
      ministack: { instead: 'It gives all of them on one page.', seen: /expected \d+ to be within 1\.\.2/, source: LIST },
    },
    async holds(aws) {
      const client = cloudfrontClient(aws);
      for (let count = 0; count < 3; count += 1) await newDistribution(client, distributionWith(api));
      const seen: string[] = [];
      let Marker: string | undefined;
      do {
        const { DistributionList: page } = await client.listDistributions({ MaxItems: 2, Marker });
        expect(page?.Items?.length).to.be.within(1, 2);
        seen.push(...(page?.Items ?? []).map(({ Id = '' }) => Id));
        Marker = page?.IsTruncated === true ? page.NextMarker : undefined;
      } while (Marker !== undefined);
      expect(seen.length).to.be.at.least(3);
      expect(new Set(seen).size).to.equal(seen.length);
    },
  },
  {
    title: 'replaces the configuration under the ETag just read, and gives it another',
    concern: 'writes',
    async holds(aws) {
      const client = cloudfrontClient(aws);
      const { id, etag, config } = await newDistribution(client, distributionWith(api));
      const { ETag } = await client.updateDistribution({ Id: id, IfMatch: etag, DistributionConfig: commented(config, 'new') });
      expect(ETag).not.to.equal(etag);
      const again = await client.getDistributionConfig({ Id: id });
      expect([again.ETag, again.DistributionConfig]).to.deep.equal([ETag, commented(config, 'new')]);
    },
  },
  {
    title: 'refuses an update under an older ETag with 412 and PreconditionFailed, and one under none with 400 and InvalidIfMatchVersion',
    concern: 'conflicts',
    async holds(aws) {
      const client = cloudfrontClient(aws);
      const { id, etag, config } = await newDistribution(client, distributionWith(api));
      await client.updateDistribution({ Id: id, IfMatch: etag, DistributionConfig: commented(config, 'first') });
      const late = client.updateDistribution({ Id: id, IfMatch: etag, DistributionConfig: commented(config, 'second') });
      expect(await refusalOf(late)).to.include({ name: 'PreconditionFailed', status: 412 });
      const bare = client.updateDistribution({ Id: id, IfMatch: undefined, DistributionConfig: commented(config, 'third') });
      expect(await refusalOf(bare)).to.include({ name: 'InvalidIfMatchVersion', status: 400 });
      expect((await client.getDistributionConfig({ Id: id })).DistributionConfig?.Comment).to.equal('first');
    },
  },
  {
    title: 'is InProgress after an update, and Deployed some minutes later',
    concern: 'consistency',
    source: UPDATE,
    deviations: {
      ministack: { instead: 'It is Deployed at once.', seen: /expected 'Deployed' to equal 'InProgress'/, source: GET },
    },
    async holds(aws) {
      const client = cloudfrontClient(aws);
      const { id, etag, config } = await newDistribution(client, distributionWith(api));
      const { Distribution } = await client.updateDistribution({ Id: id, IfMatch: etag, DistributionConfig: commented(config, 'new') });
      expect(Distribution?.Status).to.equal('InProgress');
      await eventually(
        async () => (await client.getDistribution({ Id: id })).Distribution?.Status,
        (status) => status === 'Deployed',
      );
    },
  },
  {
    title: 'refuses a behaviour at an origin that is not there with 404 and NoSuchOrigin',
    concern: 'validation',
    source: UPDATE,
    deviations: takenBy('ministack', UPDATE),
    async holds(aws) {
      const client = cloudfrontClient(aws);
      const { id, etag, config } = await newDistribution(client, distributionWith(api));
      const DistributionConfig = { ...config, Origins: { Quantity: 1, Items: [customOrigin('other', 'api.example.com')] } };
      const refusal = await refusalOf(client.updateDistribution({ Id: id, IfMatch: etag, DistributionConfig }));
      expect(refusal).to.include({ name: 'NoSuchOrigin', status: 404 });
    },
  },
  {
    title: 'refuses two origins of one id, and a count that is not that of the items, with 400',
    concern: 'validation',
    source: ORIGIN,
    deviations: takenBy('ministack', ORIGIN),
    async holds(aws) {
      const client = cloudfrontClient(aws);
      const { id, etag, config } = await newDistribution(client, distributionWith(api));
      const twice = { ...config, Origins: { Quantity: 2, Items: [api, api] } };
      expect((await refusalOf(client.updateDistribution({ Id: id, IfMatch: etag, DistributionConfig: twice }))).status).to.equal(400);
      const wrong = { ...config, Origins: { Quantity: 2, Items: [api] } };
      const refusal = await refusalOf(client.updateDistribution({ Id: id, IfMatch: etag, DistributionConfig: wrong }));
      expect(refusal).to.include({ name: 'InconsistentQuantities', status: 400 });
    },
  },
  {
    title: 'refuses an origin group whose members are not there with 404 and NoSuchOrigin',
    concern: 'validation',
    source: ORIGIN_GROUPS,
    deviations: takenBy('ministack', ORIGIN_GROUPS),
    async holds(aws) {
      const client = cloudfrontClient(aws);
      const { id, etag, config } = await newDistribution(client, distributionWith(api));
      const group = {
        Id: 'group',
        FailoverCriteria: { StatusCodes: { Quantity: 1, Items: [502] } },
        Members: { Quantity: 2, Items: [{ OriginId: 'api' }, { OriginId: 'missing' }] },
      };
      const DistributionConfig = { ...config, OriginGroups: { Quantity: 1, Items: [group] } };
      const refusal = await refusalOf(client.updateDistribution({ Id: id, IfMatch: etag, DistributionConfig }));
      expect(refusal).to.include({ name: 'NoSuchOrigin', status: 404 });
    },
  },
  {
    title: 'refuses another caller reference in an update with 400',
    concern: 'validation',
    source: UPDATE,
    deviations: takenBy('ministack', UPDATE),
    async holds(aws) {
      const client = cloudfrontClient(aws);
      const { id, etag, config } = await newDistribution(client, distributionWith(api));
      const DistributionConfig = { ...config, CallerReference: `${config.CallerReference}-other` };
      expect((await refusalOf(client.updateDistribution({ Id: id, IfMatch: etag, DistributionConfig }))).status).to.equal(400);
    },
  },
  {
    title: 'adds, overwrites and removes the tags of a distribution',
    concern: 'writes',
    source: TAG,
    async holds(aws) {
      const client = cloudfrontClient(aws);
      const { Distribution } = await client.createDistributionWithTags({
        DistributionConfigWithTags: {
          DistributionConfig: distributionWith(api),
          Tags: { Items: [{ Key: 'eks-dr:scope', Value: 'drill' }] },
        },
      });
      const Resource = Distribution?.ARN ?? '';
      await client.tagResource({ Resource, Tags: { Items: [{ Key: 'team', Value: 'web' }] } });
      await client.tagResource({ Resource, Tags: { Items: [{ Key: 'team', Value: 'shop' }] } });
      await client.untagResource({ Resource, TagKeys: { Items: ['eks-dr:scope', 'never-set'] } });
      expect((await client.listTagsForResource({ Resource })).Tags?.Items).to.deep.equal([{ Key: 'team', Value: 'shop' }]);
    },
  },
  {
    title: 'refuses updates over the rate of the account with Throttling',
    concern: 'limits',
    source: CREATE,
    deviations: takenBy('ministack', CREATE, 'It counts no requests.'),
    async holds(aws) {
      const client = cloudfrontClient(aws);
      const { id, etag, config } = await newDistribution(client, distributionWith(api));
      await aws.withSpentUpdates(async () => {
        const refusal = await refusalOf(client.updateDistribution({ Id: id, IfMatch: etag, DistributionConfig: config }));
        expect(refusal).to.include({ name: 'Throttling', message: 'Rate exceeded' });
      });
    },
  },
];
