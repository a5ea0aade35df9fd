import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  type IAMClient,
  ListOpenIDConnectProvidersCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  SimulatePrincipalPolicyCommand,
  TagOpenIDConnectProviderCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { takenBy } from '../taken-by.ts';
import { unique } from '../unique.ts';
import { operation } from './documentation.ts';
import type { IamSubject } from './subjects.ts';
import { expectExists, expectMissing, iamClient, NOT_THERE } from './things.ts';

const CREATE = operation('CreateOpenIDConnectProvider');
const ADD_CLIENT = operation('AddClientIDToOpenIDConnectProvider');
const THUMBPRINT = '9e99a48a9960b14926bb7f3b02e22da2b0ab7280';

async function newProvider(client: IAMClient, Url = `https://oidc.eks.eu-west-1.amazonaws.com/id/${unique('issuer')}`) {
  const input = { Url, ClientIDList: ['sts.amazonaws.com'], ThumbprintList: [THUMBPRINT] };
  const { OpenIDConnectProviderArn = '' } = await client.send(new CreateOpenIDConnectProviderCommand(input));
  return { Url, OpenIDConnectProviderArn };
}

export const providers: readonly Assertion<IamSubject>[] = [
  {
    title: 'makes a provider without a thumbprint, and tells its tags',
    concern: 'writes',
    async holds(aws) {
      const client = iamClient(aws);
      const input = { Url: `https://oidc.eks.eu-west-1.amazonaws.com/id/${unique('issuer')}`, ClientIDList: ['sts.amazonaws.com'] };
      const Tags = [{ Key: 'eks-dr:run', Value: 'r1' }];
      const { OpenIDConnectProviderArn } = await client.send(new CreateOpenIDConnectProviderCommand({ ...input, Tags }));
      const found = await client.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
      expect(found).to.deep.include({ ClientIDList: ['sts.amazonaws.com'], Tags });
    },
  },
  {
    title: 'adds an audience to a provider and takes one off, however often it is told to',
    concern: 'writes',
    source: ADD_CLIENT,
    deviations: {
      ministack: { instead: 'It does not know AddClientIDToOpenIDConnectProvider.', seen: /Unknown IAM action/, source: ADD_CLIENT },
      moto: { instead: 'It does not know AddClientIDToOpenIDConnectProvider.', seen: /XML parse error/, source: ADD_CLIENT },
    },
    async holds(aws) {
      const client = iamClient(aws);
      const { OpenIDConnectProviderArn } = await newProvider(client);
      for (const ClientID of ['another.example.com', 'another.example.com'])
        await client.send(new AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID }));
      for (const ClientID of ['sts.amazonaws.com', 'sts.amazonaws.com'])
        await client.send(new RemoveClientIDFromOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID }));
      const found = await client.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
      expect(found.ClientIDList).to.deep.equal(['another.example.com']);
    },
  },
  {
    title: 'answers an OIDC provider with its URL without a scheme, which ends its ARN',
    concern: 'reads',
    source: CREATE,
    deviations: {
      ministack: {
        instead: 'It answers the URL with its scheme.',
        seen: /^AssertionError: expected \{ Url: 'https:\/\/oidc\.eks\./,
        source: operation('GetOpenIDConnectProvider'),
      },
    },
    async holds(aws) {
      const client = iamClient(aws);
      const { Url, OpenIDConnectProviderArn } = await newProvider(client);
      const host = Url.replace('https://', '');
      expect(OpenIDConnectProviderArn).to.equal(`arn:aws:iam::${aws.account}:oidc-provider/${host}`);
      const found = await client.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
      expect(found).to.deep.include({ Url: host, ClientIDList: ['sts.amazonaws.com'], ThumbprintList: [THUMBPRINT] });
      const { OpenIDConnectProviderList = [] } = await client.send(new ListOpenIDConnectProvidersCommand({}));
      expect(OpenIDConnectProviderList.map(({ Arn }) => Arn)).to.include(OpenIDConnectProviderArn);
    },
  },
  {
    title: 'refuses a second OIDC provider of one URL with 409 and EntityAlreadyExists',
    concern: 'conflicts',
    source: CREATE,
    async holds(aws) {
      const client = iamClient(aws);
      const { Url } = await newProvider(client);
      await expectExists(newProvider(client, Url));
    },
  },
  {
    title: 'answers an OIDC provider that is not there with 404 and NoSuchEntity',
    concern: 'not found',
    source: operation('GetOpenIDConnectProvider'),
    async holds(aws) {
      const OpenIDConnectProviderArn = `arn:aws:iam::${aws.account}:oidc-provider/${NOT_THERE}.example.com`;
      await expectMissing(iamClient(aws).send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn })));
    },
  },
  {
    title: 'deletes an OIDC provider that is not there without complaint',
    concern: 'not found',
    source: operation('DeleteOpenIDConnectProvider'),
    deviations: {
      ministack: {
        instead: 'It answers NoSuchEntity.',
        seen: /^NoSuchEntityException: OIDC provider \S+ not found\.$/,
        source: operation('DeleteOpenIDConnectProvider'),
      },
    },
    async holds(aws) {
      const client = iamClient(aws);
      const { OpenIDConnectProviderArn } = await newProvider(client);
      const Delete = new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn });
      for (let count = 0; count < 2; count += 1) await client.send(Delete);
      await expectMissing(client.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn })));
    },
  },
  {
    title: 'adds tags to an OIDC provider and answers them with it',
    concern: 'writes',
    source: operation('TagOpenIDConnectProvider'),
    deviations: {
      ministack: {
        instead: 'It has no TagOpenIDConnectProvider.',
        seen: /Unknown IAM action: TagOpenIDConnectProvider$/,
        source: operation('TagOpenIDConnectProvider'),
      },
    },
    async holds(aws) {
      const client = iamClient(aws);
      const { OpenIDConnectProviderArn } = await newProvider(client);
      const Tags = [{ Key: 'eks-dr:run', Value: 'r1' }];
      await client.send(new TagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, Tags }));
      const found = await client.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
      expect(found.Tags).to.deep.equal(Tags);
    },
  },
];

/** moto has no such operation: it answers 500 with a page. */
const NO_SIMULATION = {
  instead: 'It has no SimulatePrincipalPolicy.',
  seen: /XML parse error: mismatched tags <html> and <\/title>/,
  source: operation('SimulatePrincipalPolicy'),
};

export const simulation: readonly Assertion<IamSubject>[] = [
  {
    title: 'simulates what the policies of a role say to each action: allowed, explicitDeny, implicitDeny',
    concern: 'reads',
    source: operation('SimulatePrincipalPolicy'),
    deviations: { moto: NO_SIMULATION },
    async holds(aws) {
      const PolicySourceArn = await aws.roleThatMay({ allow: ['eks:*'], deny: ['eks:Delete*'] });
      const ActionNames = ['eks:DescribeCluster', 'eks:DeleteCluster', 'iam:CreateRole'];
      const { EvaluationResults = [] } = await iamClient(aws).send(new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames }));
      expect(EvaluationResults.map(({ EvalActionName, EvalDecision }) => [EvalActionName, EvalDecision])).to.deep.equal([
        ['eks:DescribeCluster', 'allowed'],
        ['eks:DeleteCluster', 'explicitDeny'],
        ['iam:CreateRole', 'implicitDeny'],
      ]);
    },
  },
  {
    title: 'answers the simulation of a principal that is not there with 404 and NoSuchEntity',
    concern: 'not found',
    source: operation('SimulatePrincipalPolicy'),
    deviations: {
      ...takenBy('ministack', operation('SimulatePrincipalPolicy'), 'It denies its every action.'),
      moto: NO_SIMULATION,
    },
    async holds(aws) {
      const PolicySourceArn = `arn:aws:iam::${aws.account}:role/${NOT_THERE}`;
      const ask = new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames: ['eks:DescribeCluster'] });
      await expectMissing(iamClient(aws).send(ask));
    },
  },
];
