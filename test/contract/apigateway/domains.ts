import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import { unique } from '../unique.ts';
import { DOMAIN, DOMAINS, MAPPINGS, REGIONAL_DOMAIN } from './documentation.ts';
import { type Gateway, newHttpApi } from './subject.ts';

/** A custom domain name of its own, with a certificate in the region. */
async function newDomain({ v2, account, ...gateway }: Gateway) {
  const DomainName = `${unique('api')}.example.com`;
  const CertificateArn = `arn:aws:acm:${gateway.config().region}:${account}:certificate/61706967-772e-2e2e-2e2e-2e2e2e2e2e2e`;
  const made = await v2.createDomainName({ DomainName, DomainNameConfigurations: [{ CertificateArn, EndpointType: 'REGIONAL' }] });
  return { DomainName, CertificateArn, made };
}

export const domains: readonly Assertion<Gateway>[] = [
  {
    title: 'tells of a regional custom domain name its target in the region, the hosted zone of that, its status and its certificate',
    concern: 'reads',
    source: REGIONAL_DOMAIN,
    async holds(gateway) {
      const { DomainName, CertificateArn } = await newDomain(gateway);
      const { DomainNameConfigurations = [] } = await gateway.v2.getDomainName({ DomainName });
      expect(DomainNameConfigurations).to.have.length(1);
      const [found] = DomainNameConfigurations;
      expect(found).to.include({ EndpointType: 'REGIONAL', DomainNameStatus: 'AVAILABLE', CertificateArn });
      expect(found?.ApiGatewayDomainName).to.match(/^d-[a-z0-9]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com$/);
      expect(found?.HostedZoneId).to.match(/^Z[A-Z0-9]+$/);
    },
  },
  {
    title: 'lists custom domain names with what each of them tells by itself',
    concern: 'reads',
    source: DOMAINS,
    async holds(gateway) {
      const { DomainName } = await newDomain(gateway);
      const { Items = [] } = await gateway.v2.getDomainNames({});
      const { DomainNameConfigurations } = await gateway.v2.getDomainName({ DomainName });
      expect(Items.find((item) => item.DomainName === DomainName)?.DomainNameConfigurations).to.deep.equal(DomainNameConfigurations);
    },
  },
  {
    title: 'answers 404 for a custom domain name that is not there',
    concern: 'not found',
    source: DOMAIN,
    async holds({ v2 }) {
      const refused = await refusalOf(v2.getDomainName({ DomainName: 'nothing.example.com' }));
      expect(refused).to.include({ name: 'NotFoundException', status: 404 });
    },
  },
  {
    title: 'has no second custom domain name of a name in a region',
    concern: 'conflicts',
    source: DOMAINS,
    async holds(gateway) {
      const { DomainName, CertificateArn } = await newDomain(gateway);
      const again = { DomainName, DomainNameConfigurations: [{ CertificateArn, EndpointType: 'REGIONAL' as const }] };
      expect((await refusalOf(gateway.v2.createDomainName(again))).status).to.be.oneOf([400, 409]);
    },
  },
  {
    title: 'maps an API to a path of a custom domain name, and lists what is mapped',
    concern: 'writes',
    source: MAPPINGS,
    async holds(gateway) {
      const { DomainName } = await newDomain(gateway);
      const { ApiId } = await newHttpApi(gateway, false);
      await gateway.v2.createApiMapping({ DomainName, ApiId, Stage: 'prod' });
      await gateway.v2.createApiMapping({ DomainName, ApiId, Stage: 'prod', ApiMappingKey: 'cart' });
      const { Items = [] } = await gateway.v2.getApiMappings({ DomainName });
      expect(Items.map((item) => [item.ApiId, item.Stage, item.ApiMappingKey ?? ''])).to.have.deep.members([
        [ApiId, 'prod', ''],
        [ApiId, 'prod', 'cart'],
      ]);
    },
  },
  {
    title: 'maps no API that is not there, and one path once',
    concern: 'validation',
    source: MAPPINGS,
    async holds(gateway) {
      const { DomainName } = await newDomain(gateway);
      const { ApiId } = await newHttpApi(gateway, false);
      const map = (id: string, Stage: string) => gateway.v2.createApiMapping({ DomainName, ApiId: id, Stage });
      expect((await refusalOf(map('nothing000', 'prod'))).status).to.be.within(400, 404);
      expect((await refusalOf(map(ApiId, 'nothing'))).status).to.be.within(400, 404);
      await map(ApiId, 'prod');
      expect((await refusalOf(map(ApiId, 'prod'))).status).to.equal(409);
    },
  },
];
