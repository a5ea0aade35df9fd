import { awsFault } from '../aws/fault.ts';
import { type QueryCall, requiredText, texts } from '../aws/query.ts';
import type { QueryOperations } from '../aws/query-system.ts';
import type { World } from '../world.ts';
import { addTags, iamResponse, limitExceeded, noSuchEntity, removeTags, tagList } from './common.ts';
import { quotas } from './quotas.ts';
import type { OidcProvider } from './state.ts';

function providerIn(call: QueryCall, world: World): OidcProvider {
  const arn = requiredText(call.parameters, 'OpenIDConnectProviderArn');
  const provider = world.iam.oidcProviders[arn];
  if (!provider) throw noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`);
  return provider;
}

function thumbprintsIn(call: QueryCall): string[] {
  const thumbprints = texts(call.parameters, 'ThumbprintList');
  if (thumbprints.length > 5) throw limitExceeded('ThumbprintsPerOpenIdConnectProvider', 5);
  if (thumbprints.some((each) => !/^[0-9a-f]{40}$/i.test(each)))
    throw awsFault(400, 'InvalidInput', 'Thumbprint must be 40 hexadecimal characters.');
  return thumbprints;
}

function urlIn(call: QueryCall): string {
  const url = requiredText(call.parameters, 'Url');
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed?.protocol !== 'https:' || parsed.search !== '') throw awsFault(400, 'ValidationError', 'Invalid Open ID Connect Provider URL');
  return url.replace(/^https:\/\//, '').replace(/\/$/, '');
}

export const oidcOperations: QueryOperations = {
  CreateOpenIDConnectProvider: {
    parameters: ['Url', 'ClientIDList', 'ThumbprintList', 'Tags'],
    mutates: true,
    handle(call, _request, { world, clock }) {
      const url = urlIn(call);
      const arn = `arn:aws:iam::${world.accountId}:oidc-provider/${url}`;
      if (world.iam.oidcProviders[arn]) throw awsFault(409, 'EntityAlreadyExists', `Provider with url https://${url} already exists.`);
      if (Object.keys(world.iam.oidcProviders).length >= quotas.oidcProviders) {
        throw limitExceeded('OpenIdConnectProvidersPerAccount', quotas.oidcProviders);
      }
      const provider: OidcProvider = {
        arn,
        url,
        clientIds: texts(call.parameters, 'ClientIDList'),
        thumbprints: thumbprintsIn(call),
        tags: addTags(call, {}),
        createdAt: clock.now(),
      };
      world.iam.oidcProviders[arn] = provider;
      return iamResponse(call.action, { OpenIDConnectProviderArn: arn, Tags: tagList(provider.tags) });
    },
  },
  GetOpenIDConnectProvider: {
    parameters: ['OpenIDConnectProviderArn'],
    mutates: false,
    handle(call, _request, { world }) {
      const { url, clientIds, thumbprints, tags, createdAt } = providerIn(call, world);
      const CreateDate = new Date(createdAt).toISOString();
      return iamResponse(call.action, { Url: url, CreateDate, ClientIDList: clientIds, ThumbprintList: thumbprints, Tags: tagList(tags) });
    },
  },
  ListOpenIDConnectProviders: {
    parameters: [],
    mutates: false,
    handle(call, _request, { world }) {
      const arns = Object.keys(world.iam.oidcProviders).sort();
      return iamResponse(call.action, { OpenIDConnectProviderList: arns.map((Arn) => ({ Arn })) });
    },
  },
  DeleteOpenIDConnectProvider: {
    parameters: ['OpenIDConnectProviderArn'],
    mutates: true,
    // Documented to be idempotent, unlike the other deletions of IAM.
    handle(call, _request, { world }) {
      delete world.iam.oidcProviders[requiredText(call.parameters, 'OpenIDConnectProviderArn')];
      return iamResponse(call.action, null);
    },
  },
  AddClientIDToOpenIDConnectProvider: {
    parameters: ['OpenIDConnectProviderArn', 'ClientID'],
    mutates: true,
    // Documented to be idempotent.
    handle(call, _request, { world }) {
      const provider = providerIn(call, world);
      const clientId = requiredText(call.parameters, 'ClientID');
      const clientIds = [...new Set([...provider.clientIds, clientId])];
      if (clientIds.length > quotas.clientIdsPerProvider)
        throw limitExceeded('ClientIdsPerOpenIdConnectProvider', quotas.clientIdsPerProvider);
      provider.clientIds = clientIds;
      return iamResponse(call.action, null);
    },
  },
  RemoveClientIDFromOpenIDConnectProvider: {
    parameters: ['OpenIDConnectProviderArn', 'ClientID'],
    mutates: true,
    // Documented to be idempotent.
    handle(call, _request, { world }) {
      const provider = providerIn(call, world);
      const clientId = requiredText(call.parameters, 'ClientID');
      provider.clientIds = provider.clientIds.filter((each) => each !== clientId);
      return iamResponse(call.action, null);
    },
  },
  TagOpenIDConnectProvider: {
    parameters: ['OpenIDConnectProviderArn', 'Tags'],
    mutates: true,
    handle(call, _request, { world }) {
      const provider = providerIn(call, world);
      provider.tags = addTags(call, provider.tags);
      return iamResponse(call.action, null);
    },
  },
  UntagOpenIDConnectProvider: {
    parameters: ['OpenIDConnectProviderArn', 'TagKeys'],
    mutates: true,
    handle(call, _request, { world }) {
      const provider = providerIn(call, world);
      provider.tags = removeTags(call, provider.tags);
      return iamResponse(call.action, null);
    },
  },
};
