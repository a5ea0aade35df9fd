import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { eventually } from '../eventually.ts';
import { ANSWERED, refusalOf } from '../refusal.ts';
import { AUTO_DEPLOY, HTTP_DEPLOYMENT, HTTP_EXPORT, HTTP_INTEGRATION, HTTP_STAGE } from './documentation.ts';
import { type Gateway, NEW, newHttpApi, OLD } from './subject.ts';

export const http: readonly Assertion<Gateway>[] = [
  {
    title: 'changes of an integration of an HTTP API what the request names, and nothing else',
    concern: 'writes',
    source: HTTP_INTEGRATION,
    async holds({ v2, ...gateway }) {
      const { ApiId, IntegrationId } = await newHttpApi({ v2, ...gateway }, false);
      await v2.updateIntegration({ ApiId, IntegrationId, IntegrationUri: NEW });
      const { Items = [] } = await v2.getIntegrations({ ApiId });
      expect(Items).to.have.length(1);
      expect(Items[0]).to.include({ IntegrationId, IntegrationUri: NEW, IntegrationMethod: 'GET', IntegrationType: 'HTTP_PROXY' });
    },
  },
  {
    title: 'deploys an HTTP API to a stage when asked',
    concern: 'writes',
    source: HTTP_DEPLOYMENT,
    deviations: {
      ministack: {
        instead: 'The stage does not get the deployment made for it.',
        seen: /expected undefined to equal '/,
        source: HTTP_DEPLOYMENT,
      },
    },
    async holds({ v2, ...gateway }) {
      const { ApiId } = await newHttpApi({ v2, ...gateway }, false);
      const { DeploymentId } = await v2.createDeployment({ ApiId, StageName: 'prod', Description: 'first' });
      expect((await v2.getStage({ ApiId, StageName: 'prod' })).DeploymentId).to.equal(DeploymentId);
      const { Items = [] } = await v2.getDeployments({ ApiId });
      expect(Items.map(({ Description, AutoDeployed = false }) => [Description, AutoDeployed])).to.deep.equal([['first', false]]);
    },
  },
  {
    title: 'deploys by itself what was edited, where the stage says so',
    concern: 'consistency',
    source: AUTO_DEPLOY,
    deviations: { ministack: { instead: 'Nothing is deployed by itself.', seen: /Not as wanted in time/, source: AUTO_DEPLOY } },
    async holds({ v2, ...gateway }) {
      const { ApiId, IntegrationId } = await newHttpApi({ v2, ...gateway }, true);
      await v2.updateIntegration({ ApiId, IntegrationId, IntegrationUri: NEW });
      const { DeploymentId } = await eventually(
        () => v2.getStage({ ApiId, StageName: 'prod' }),
        (stage) => stage.DeploymentId !== undefined,
      );
      expect((await v2.getDeployment({ ApiId, DeploymentId })).AutoDeployed).to.equal(true);
    },
  },
  {
    title: 'refuses another deployment for a stage that deploys by itself',
    concern: 'conflicts',
    source: HTTP_STAGE,
    deviations: { ministack: { instead: 'It takes a deployment for such a stage.', seen: ANSWERED, source: HTTP_STAGE } },
    async holds({ v2, ...gateway }) {
      const { ApiId } = await newHttpApi({ v2, ...gateway }, true);
      const { DeploymentId } = await v2.createDeployment({ ApiId });
      expect((await refusalOf(v2.updateStage({ ApiId, StageName: 'prod', DeploymentId }))).status).to.equal(400);
    },
  },
  {
    title: 'exports an HTTP API as it stands, and as a stage serves it',
    concern: 'reads',
    source: HTTP_EXPORT,
    deviations: { ministack: { instead: 'It can not export.', seen: /Unknown API Gateway path/, source: HTTP_EXPORT } },
    async holds({ v2, ...gateway }) {
      const { ApiId, IntegrationId } = await newHttpApi({ v2, ...gateway }, false);
      await v2.createDeployment({ ApiId, StageName: 'prod' });
      await v2.updateIntegration({ ApiId, IntegrationId, IntegrationUri: NEW });
      const uri = async (StageName?: string): Promise<string> => {
        const { body } = await v2.exportApi({ ApiId, Specification: 'OAS30', OutputType: 'JSON', StageName });
        return JSON.parse(new TextDecoder().decode(body)).paths['/cart'].get['x-amazon-apigateway-integration'].uri;
      };
      expect([await uri(), await uri('prod')]).to.deep.equal([NEW, OLD]);
    },
  },
  {
    title: 'answers 404 for an HTTP API and an integration that are not there',
    concern: 'not found',
    source: HTTP_INTEGRATION,
    async holds({ v2, ...gateway }) {
      const { ApiId } = await newHttpApi({ v2, ...gateway }, false);
      for (const asked of [v2.getApi({ ApiId: 'nothing000' }), v2.getIntegration({ ApiId, IntegrationId: 'nothing' })])
        expect(await refusalOf(asked)).to.include({ name: 'NotFoundException', status: 404 });
    },
  },
];
