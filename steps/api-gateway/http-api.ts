import type { GetApiResponse } from '@aws-sdk/client-apigatewayv2';
import type { ApiGatewayV2 } from '../clients/aws.ts';
import { unlessMissing } from '../clients/aws-errors.ts';
import { allPages } from '../clients/aws-pages.ts';
import { ownerOfApi } from './api-owner.ts';
import { type Links, linksFor } from './read-links.ts';
import type { GatewayApiClient } from './stage-api.ts';
import { exportedContent, linkName, type StageContent } from './stage-content.ts';
import type { ApiRef } from './switched-apis.ts';

const decoder = new TextDecoder();

/** An HTTP API. The export of a stage and that of the API without one are compared whole. */
export function httpApi(gateway: ApiGatewayV2, { id: ApiId }: ApiRef, api: GetApiResponse, links: Links): GatewayApiClient {
  const exported = async (StageName?: string): Promise<StageContent> => {
    const { body } = await gateway.exportApi({
      ApiId,
      OutputType: 'JSON',
      Specification: 'OAS30',
      IncludeExtensions: true,
      ...(StageName === undefined ? {} : { StageName }),
    });
    return exportedContent(decoder.decode(body), links);
  };
  return {
    kind: 'http',
    name: api.Name ?? ApiId,
    owner: ownerOfApi(ApiId, api.Tags),
    integrations: async () => {
      const all = await allPages(async (NextToken) => {
        const page = await gateway.getIntegrations({ ApiId, MaxResults: '100', NextToken });
        return [page.Items, page.NextToken];
      });
      const known = await linksFor(
        all.map(({ ConnectionId }) => ConnectionId),
        links,
      );
      return all.map(({ IntegrationId = '', IntegrationUri = '', ConnectionId = '' }) => ({
        id: { integration: IntegrationId },
        label: IntegrationId,
        uri: IntegrationUri,
        connection: linkName(ConnectionId, known),
        target: '',
      }));
    },
    stages: async () => {
      const all = await allPages(async (NextToken) => {
        const page = await gateway.getStages({ ApiId, MaxResults: '100', NextToken });
        return [page.Items, page.NextToken];
      });
      return all.map(({ StageName = '', DeploymentId = '', StageVariables = {}, AutoDeploy = false }) => ({
        name: StageName,
        deployment: DeploymentId,
        variables: StageVariables,
        busy: null,
        autoDeploy: AutoDeploy,
      }));
    },
    deployments: async () => {
      const all = await allPages(async (NextToken) => {
        const page = await gateway.getDeployments({ ApiId, MaxResults: '100', NextToken });
        return [page.Items, page.NextToken];
      });
      const age = ({ CreatedDate }: { CreatedDate?: Date | undefined }) => CreatedDate?.getTime() ?? 0;
      return all
        .toSorted((a, b) => age(a) - age(b))
        .map(({ DeploymentId = '', Description = '' }) => ({ id: DeploymentId, description: Description }));
    },
    live: (stage) => exported(stage.name),
    current: () => exported(),
    deploy: async (StageName, Description) => void (await gateway.createDeployment({ ApiId, StageName, Description })),
    point: async (StageName, DeploymentId) => void (await gateway.updateStage({ ApiId, StageName, DeploymentId })),
    remove: async (DeploymentId) => {
      await unlessMissing<unknown>(gateway.deleteDeployment({ ApiId, DeploymentId }), 'NotFoundException');
    },
  };
}
