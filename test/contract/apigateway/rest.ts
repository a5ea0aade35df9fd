import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { ANSWERED, refusalOf } from '../refusal.ts';
import { DELETE_DEPLOYMENT, DEPLOYING, DEPLOYMENT, EXPORT, PATCHES, RESOURCES, STAGE, TAGS, UPDATE_INTEGRATION } from './documentation.ts';
import { type Gateway, NEW, newRestApi, OLD } from './subject.ts';

export const rest: readonly Assertion<Gateway>[] = [
  {
    title: 'lists the resources of a REST API with their integrations, when methods are embedded',
    concern: 'reads',
    source: RESOURCES,
    async holds(gateway) {
      const { restApiId } = await newRestApi(gateway);
      const { items = [] } = await gateway.v1.getResources({ restApiId, embed: ['methods'], limit: 500 });
      expect(items.map(({ path }) => path)).to.have.members(['/', '/cart']);
      const cart = items.find(({ path }) => path === '/cart');
      expect(cart?.resourceMethods?.GET?.methodIntegration).to.include({ type: 'HTTP_PROXY', httpMethod: 'GET', uri: OLD });
    },
  },
  {
    title: 'pages through resources by position',
    concern: 'paging',
    source: RESOURCES,
    async holds(gateway) {
      const { restApiId } = await newRestApi(gateway);
      const first = await gateway.v1.getResources({ restApiId, limit: 1 });
      expect(first.items).to.have.length(1);
      expect(first.position).to.be.a('string');
      const second = await gateway.v1.getResources({ restApiId, limit: 1, position: first.position });
      expect(second.items).to.have.length(1);
      expect(second.position).to.equal(undefined);
    },
  },
  {
    title: 'replaces the address of an integration by a patch',
    concern: 'writes',
    source: UPDATE_INTEGRATION,
    async holds(gateway) {
      const { method, patch } = await newRestApi(gateway);
      expect((await patch({ op: 'replace', path: '/uri', value: NEW })).uri).to.equal(NEW);
      expect(await gateway.v1.getIntegration(method)).to.include({ uri: NEW, type: 'HTTP_PROXY' });
    },
  },
  {
    title: 'refuses a patch of a path that an integration has not',
    concern: 'validation',
    source: PATCHES,
    deviations: { ministack: { instead: 'It takes a patch of any path.', seen: ANSWERED, source: PATCHES } },
    async holds(gateway) {
      const { patch } = await newRestApi(gateway);
      const refusal = await refusalOf(patch({ op: 'replace', path: '/nothing', value: NEW }));
      expect(refusal).to.include({ name: 'BadRequestException', status: 400 });
    },
  },
  {
    title: 'refuses an address of an HTTP integration that is no URL',
    concern: 'validation',
    source: UPDATE_INTEGRATION,
    deviations: { ministack: { instead: 'It takes any text for an address.', seen: ANSWERED, source: UPDATE_INTEGRATION } },
    async holds(gateway) {
      const { patch } = await newRestApi(gateway);
      expect((await refusalOf(patch({ op: 'replace', path: '/uri', value: 'new.example.com' }))).name).to.equal('BadRequestException');
    },
  },
  {
    title: 'answers 404 for an API, a method and an integration that are not there',
    concern: 'not found',
    source: RESOURCES,
    async holds({ v1, ...gateway }) {
      const { method } = await newRestApi({ v1, ...gateway });
      const asked = [v1.getRestApi({ restApiId: 'nothing000' }), v1.getIntegration({ ...method, httpMethod: 'POST' })];
      for (const each of asked) expect(await refusalOf(each)).to.include({ name: 'NotFoundException', status: 404 });
    },
  },
  {
    title: 'points a stage at each new deployment made for it',
    concern: 'writes',
    source: DEPLOYMENT,
    async holds({ v1, ...gateway }) {
      const { restApiId, deploymentId } = await newRestApi({ v1, ...gateway });
      const { id } = await v1.createDeployment({ restApiId, stageName: 'prod', description: 'second' });
      expect(id).not.to.equal(deploymentId);
      expect((await v1.getStage({ restApiId, stageName: 'prod' })).deploymentId).to.equal(id);
      const { items = [] } = await v1.getDeployments({ restApiId });
      expect(items.map((each) => each.id)).to.have.members([deploymentId, id]);
    },
  },
  {
    title: 'tells in the summary of a deployment which methods it has',
    concern: 'reads',
    source: DEPLOYMENT,
    deviations: {
      ministack: {
        instead: 'The summary lacks the authorization.',
        seen: /expected \{ apiKeyRequired: false \} to have deep property 'authorizationType'/,
        source: DEPLOYMENT,
      },
    },
    async holds({ v1, ...gateway }) {
      const { restApiId, deploymentId } = await newRestApi({ v1, ...gateway });
      const { apiSummary } = await v1.getDeployment({ restApiId, deploymentId, embed: ['apisummary'] });
      expect(apiSummary?.['/cart']?.GET).to.deep.include({ authorizationType: 'NONE', apiKeyRequired: false });
    },
  },
  {
    title: 'lets a stage go back to an earlier deployment',
    concern: 'writes',
    source: STAGE,
    async holds({ v1, ...gateway }) {
      const { restApiId, deploymentId } = await newRestApi({ v1, ...gateway });
      await v1.createDeployment({ restApiId, stageName: 'prod' });
      const patchOperations = [{ op: 'replace' as const, path: '/deploymentId', value: deploymentId }];
      expect((await v1.updateStage({ restApiId, stageName: 'prod', patchOperations })).deploymentId).to.equal(deploymentId);
    },
  },
  {
    title: 'changes a stage variable without a deployment',
    concern: 'writes',
    source: STAGE,
    async holds({ v1, ...gateway }) {
      const { restApiId, deploymentId } = await newRestApi({ v1, ...gateway });
      const patchOperations = [{ op: 'replace' as const, path: '/variables/backend', value: 'new.example.com' }];
      await v1.updateStage({ restApiId, stageName: 'prod', patchOperations });
      const stage = await v1.getStage({ restApiId, stageName: 'prod' });
      expect(stage).to.deep.include({ deploymentId, variables: { backend: 'new.example.com' } });
    },
  },
  {
    title: 'refuses to delete the deployment that a stage serves',
    concern: 'conflicts',
    source: DELETE_DEPLOYMENT,
    deviations: { ministack: { instead: 'It deletes a deployment that a stage serves.', seen: ANSWERED, source: DELETE_DEPLOYMENT } },
    async holds({ v1, ...gateway }) {
      const { restApiId, deploymentId } = await newRestApi({ v1, ...gateway });
      expect((await refusalOf(v1.deleteDeployment({ restApiId, deploymentId }))).name).to.equal('BadRequestException');
    },
  },
  {
    title: 'exports what a stage serves, not what was edited since',
    concern: 'consistency',
    source: EXPORT,
    deviations: {
      ministack: {
        instead: 'Its export has what was edited since the deployment.',
        seen: /expected 'http:\/\/new.example.com\/cart' to equal 'http:\/\/old.example.com\/cart'/,
        source: EXPORT,
      },
    },
    async holds({ v1, ...gateway }) {
      const { restApiId, patch } = await newRestApi({ v1, ...gateway });
      await patch({ op: 'replace', path: '/uri', value: NEW });
      const uri = async (): Promise<string> => {
        const parameters = { extensions: 'integrations' };
        const { body } = await v1.getExport({ restApiId, stageName: 'prod', exportType: 'oas30', parameters, accepts: 'application/json' });
        return JSON.parse(new TextDecoder().decode(body)).paths['/cart'].get['x-amazon-apigateway-integration'].uri;
      };
      expect(await uri()).to.equal(OLD);
      await v1.createDeployment({ restApiId, stageName: 'prod' });
      expect(await uri()).to.equal(NEW);
    },
  },
  {
    title: 'refuses to deploy a REST API without methods',
    concern: 'validation',
    source: DEPLOYING,
    deviations: { ministack: { instead: 'It deploys an API without methods.', seen: ANSWERED, source: DEPLOYING } },
    async holds({ v1 }) {
      const { id: restApiId } = await v1.createRestApi({ name: 'empty', endpointConfiguration: { types: ['REGIONAL'] } });
      expect((await refusalOf(v1.createDeployment({ restApiId, stageName: 'prod' }))).name).to.equal('BadRequestException');
    },
  },
  {
    title: 'keeps tags of a REST API by its ARN',
    concern: 'writes',
    source: TAGS,
    deviations: {
      ministack: {
        instead: 'Tags given by ARN are not on the API.',
        seen: /expected \{\} to deeply equal \{ owner: 'shop' \}/,
        source: TAGS,
      },
    },
    async holds({ v1, ...gateway }) {
      const { restApiId } = await newRestApi({ v1, ...gateway });
      const resourceArn = `arn:aws:apigateway:eu-west-1::/restapis/${restApiId}`;
      await v1.tagResource({ resourceArn, tags: { owner: 'shop', team: 'cart' } });
      await v1.untagResource({ resourceArn, tagKeys: ['team'] });
      expect((await v1.getTags({ resourceArn })).tags).to.deep.equal({ owner: 'shop' });
      expect((await v1.getRestApi({ restApiId })).tags).to.deep.equal({ owner: 'shop' });
    },
  },
];
