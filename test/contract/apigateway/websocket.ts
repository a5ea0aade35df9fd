import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import { unique } from '../unique.ts';
import { HTTP_EXPORT, HTTP_INTEGRATION, HTTP_ROUTE, HTTP_STAGE, WEBSOCKET_DEPLOYING, WEBSOCKET_PRIVATE } from './documentation.ts';
import { type Gateway, NEW, newWebSocketApi } from './subject.ts';

export const webSocket: readonly Assertion<Gateway>[] = [
  {
    title: 'lists the routes of a WebSocket API with their integrations',
    concern: 'reads',
    source: HTTP_ROUTE,
    async holds({ v2, ...gateway }) {
      const { ApiId, IntegrationId, RouteId } = await newWebSocketApi({ v2, ...gateway }, false);
      const { Items = [] } = await v2.getRoutes({ ApiId });
      expect(Items).to.have.length(1);
      expect(Items[0]).to.include({ RouteId, RouteKey: '$default', Target: `integrations/${IntegrationId}` });
    },
  },
  {
    title: 'changes where an integration of a WebSocket API leads, and nothing else of it',
    concern: 'writes',
    source: HTTP_INTEGRATION,
    async holds({ v2, ...gateway }) {
      const { ApiId, IntegrationId } = await newWebSocketApi({ v2, ...gateway }, false);
      await v2.updateIntegration({ ApiId, IntegrationId, IntegrationUri: NEW });
      const found = await v2.getIntegration({ ApiId, IntegrationId });
      expect(found).to.include({ IntegrationUri: NEW, IntegrationMethod: 'POST', IntegrationType: 'HTTP_PROXY' });
    },
  },
  {
    title: 'tells of a deployment of a WebSocket API when it was made and how it went, and not what it holds',
    concern: 'reads',
    source: WEBSOCKET_DEPLOYING,
    async holds({ v2, ...gateway }) {
      const { ApiId } = await newWebSocketApi({ v2, ...gateway }, false);
      const { DeploymentId } = await v2.createDeployment({ ApiId, Description: 'first' });
      const { $metadata: _, CreatedDate, ...found } = await v2.getDeployment({ ApiId, DeploymentId });
      expect(CreatedDate).to.be.an.instanceOf(Date);
      expect(found).to.deep.include({ DeploymentId, DeploymentStatus: 'DEPLOYED', Description: 'first' });
      expect(Object.keys(found)).not.to.include.members(['Routes', 'Integrations']);
    },
  },
  {
    title: 'has a stage of a WebSocket API serve the deployment that it is given',
    concern: 'writes',
    source: HTTP_STAGE,
    async holds({ v2, ...gateway }) {
      const { ApiId } = await newWebSocketApi({ v2, ...gateway }, false);
      const { DeploymentId } = await v2.createDeployment({ ApiId });
      await v2.updateStage({ ApiId, StageName: 'prod', DeploymentId });
      expect((await v2.getStage({ ApiId, StageName: 'prod' })).DeploymentId).to.equal(DeploymentId);
    },
  },
  {
    title: 'exports no WebSocket API',
    concern: 'validation',
    source: HTTP_EXPORT,
    async holds({ v2, ...gateway }) {
      const { ApiId } = await newWebSocketApi({ v2, ...gateway }, false);
      const refused = await refusalOf(v2.exportApi({ ApiId, Specification: 'OAS30', OutputType: 'JSON' }));
      expect(refused.status).to.be.within(400, 499);
    },
  },
  {
    title: 'leads a WebSocket API into a VPC through a link of the first version',
    concern: 'writes',
    source: WEBSOCKET_PRIVATE,
    servedBy: [],
    async holds({ v1, v2, account, subnetIds, ...gateway }) {
      const { ApiId, IntegrationId } = await newWebSocketApi({ v1, v2, account, subnetIds, ...gateway }, false);
      const arn = `arn:aws:elasticloadbalancing:eu-west-1:${account}:loadbalancer/net/nobody/0123456789abcdef`;
      const { id: ConnectionId } = await v1.createVpcLink({ name: unique('link'), targetArns: [arn] });
      const into = { ApiId, IntegrationId, ConnectionType: 'VPC_LINK' as const };
      expect(await v2.updateIntegration({ ...into, ConnectionId })).to.include({ ConnectionType: 'VPC_LINK', ConnectionId });
      const { VpcLinkId } = await v2.createVpcLink({ Name: unique('link'), SubnetIds: [...subnetIds] });
      expect((await refusalOf(v2.updateIntegration({ ...into, ConnectionId: VpcLinkId }))).name).to.equal('BadRequestException');
    },
  },
];
