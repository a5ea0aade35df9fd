import { APIGateway } from '@aws-sdk/client-api-gateway';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { eventually } from '../eventually.ts';
import { refusalOf } from '../refusal.ts';
import { unique } from '../unique.ts';
import { HTTP_INTEGRATION, PRIVATE, PUT_INTEGRATION, QUOTAS, VPC_LINK, VPC_LINK_V2 } from './documentation.ts';
import { type Gateway, newHttpApi, newRestApi } from './subject.ts';

/** The referees have no VPC links: documentation alone speaks for these. */
export const vpcLinks: readonly Assertion<Gateway>[] = [
  {
    title: 'makes a VPC link v2 into subnets that is PENDING first and AVAILABLE later',
    concern: 'consistency',
    source: VPC_LINK_V2,
    servedBy: [],
    async holds({ v2, subnetIds }) {
      const { VpcLinkId, VpcLinkStatus } = await v2.createVpcLink({ Name: unique('link'), SubnetIds: [...subnetIds] });
      expect(VpcLinkStatus).to.equal('PENDING');
      await eventually(
        () => v2.getVpcLink({ VpcLinkId }),
        (link) => link.VpcLinkStatus === 'AVAILABLE',
      );
    },
  },
  {
    title: 'fails a VPC link v1 whose network load balancer is not there',
    concern: 'validation',
    source: VPC_LINK,
    servedBy: [],
    async holds({ v1, account }) {
      const arn = `arn:aws:elasticloadbalancing:eu-west-1:${account}:loadbalancer/net/nobody/0123456789abcdef`;
      const { id: vpcLinkId } = await v1.createVpcLink({ name: unique('link'), targetArns: [arn] });
      await eventually(
        () => v1.getVpcLink({ vpcLinkId }),
        ({ status }) => status === 'FAILED',
      );
    },
  },
  {
    title: 'changes of a VPC link v1 name and description alone, never its targets',
    concern: 'validation',
    source: 'https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateVpcLink.html',
    servedBy: [],
    async holds({ v1, account }) {
      const arn = `arn:aws:elasticloadbalancing:eu-west-1:${account}:loadbalancer/net/nobody/0123456789abcdef`;
      const { id: vpcLinkId } = await v1.createVpcLink({ name: unique('link'), targetArns: [arn] });
      const change = (path: string) => v1.updateVpcLink({ vpcLinkId, patchOperations: [{ op: 'replace', path, value: 'other' }] });
      expect((await change('/description')).description).to.equal('other');
      expect((await refusalOf(change('/targetArns'))).name).to.equal('BadRequestException');
    },
  },
  {
    title: 'refuses an integration of a REST API through a VPC link that is not there',
    concern: 'validation',
    source: PUT_INTEGRATION,
    servedBy: [],
    async holds(gateway) {
      const { patch } = await newRestApi(gateway);
      const refused = patch(
        { op: 'replace', path: '/connectionType', value: 'VPC_LINK' },
        { op: 'replace', path: '/connectionId', value: 'nolink' },
      );
      expect((await refusalOf(refused)).name).to.equal('BadRequestException');
    },
  },
  {
    title: 'refuses an integration through a VPC link v2 that names no load balancer of the region',
    concern: 'validation',
    source: PRIVATE,
    servedBy: [],
    async holds({ v2, ...gateway }) {
      const { VpcLinkId } = await v2.createVpcLink({ Name: unique('link'), SubnetIds: [...gateway.subnetIds] });
      const { ApiId, IntegrationId } = await newHttpApi({ v2, ...gateway }, false);
      const arn = `arn:aws:elasticloadbalancing:eu-central-1:${gateway.account}:listener/app/nobody/0123456789abcdef/0123456789abcdef`;
      const connection = { ConnectionType: 'VPC_LINK', ConnectionId: VpcLinkId } as const;
      for (const IntegrationUri of [arn, 'http://internal.example.com'])
        expect((await refusalOf(v2.updateIntegration({ ApiId, IntegrationId, IntegrationUri, ...connection }))).name).to.equal(
          'BadRequestException',
        );
    },
  },
  {
    title: 'refuses a private integration of an HTTP API without a VPC link',
    concern: 'validation',
    source: HTTP_INTEGRATION,
    servedBy: [],
    async holds({ v2, ...gateway }) {
      const { ApiId, IntegrationId } = await newHttpApi({ v2, ...gateway }, false);
      expect((await refusalOf(v2.updateIntegration({ ApiId, IntegrationId, ConnectionType: 'VPC_LINK' }))).name).to.equal(
        'BadRequestException',
      );
    },
  },
  {
    title: 'refuses a second deployment within five seconds',
    concern: 'limits',
    source: QUOTAS,
    servedBy: [],
    async holds({ v1, config, ...gateway }) {
      const { restApiId } = await newRestApi({ v1, config, ...gateway });
      const impatient = new APIGateway(config());
      const asked = Array.from({ length: 5 }, () => impatient.createDeployment({ restApiId, stageName: 'prod' }));
      const refused = (await Promise.allSettled(asked)).filter((each) => each.status === 'rejected');
      expect(refused.map(({ reason }) => reason.name)).to.include('TooManyRequestsException');
    },
  },
];
