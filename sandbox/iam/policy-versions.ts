import { awsFault } from '../aws/fault.ts';
import { type QueryCall, requiredText, text } from '../aws/query.ts';
import type { QueryOperations } from '../aws/query-system.ts';
import type { XmlValue } from '../aws/xml.ts';
import { encodeDocument, iamResponse, limitExceeded, noSuchEntity, page } from './common.ts';
import { checkPermissions } from './documents.ts';
import { policyIn } from './policies.ts';
import { quotas } from './quotas.ts';
import type { IamPolicy, IamPolicyVersion } from './state.ts';

function view(policy: IamPolicy, version: IamPolicyVersion): { readonly [name: string]: XmlValue } {
  return {
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.defaultVersion,
    CreateDate: new Date(version.createdAt).toISOString(),
  };
}

function versionIn(call: QueryCall, policy: IamPolicy): IamPolicyVersion {
  const id = requiredText(call.parameters, 'VersionId');
  const version = policy.versions.find((each) => each.id === id);
  if (!version) throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
  return version;
}

export const policyVersionOperations: QueryOperations = {
  CreatePolicyVersion: {
    parameters: ['PolicyArn', 'PolicyDocument', 'SetAsDefault'],
    mutates: true,
    handle(call, _request, { world, clock }) {
      const policy = policyIn(call, world);
      const document = requiredText(call.parameters, 'PolicyDocument');
      checkPermissions(document, 'managed');
      if (policy.versions.length >= quotas.versionsPerPolicy) throw limitExceeded('VersionsPerPolicy', quotas.versionsPerPolicy);
      const version = { id: `v${policy.nextVersion}`, document, createdAt: clock.now() };
      policy.nextVersion += 1;
      policy.versions.push(version);
      policy.updatedAt = clock.now();
      if (text(call.parameters, 'SetAsDefault') === 'true') policy.defaultVersion = version.id;
      return iamResponse(call.action, { PolicyVersion: view(policy, version) });
    },
  },
  GetPolicyVersion: {
    parameters: ['PolicyArn', 'VersionId'],
    mutates: false,
    handle(call, _request, { world }) {
      const policy = policyIn(call, world);
      const version = versionIn(call, policy);
      return iamResponse(call.action, { PolicyVersion: { ...view(policy, version), Document: encodeDocument(version.document) } });
    },
  },
  ListPolicyVersions: {
    parameters: ['PolicyArn', 'Marker', 'MaxItems'],
    mutates: false,
    handle(call, _request, { world }) {
      const policy = policyIn(call, world);
      const { items, members } = page(call, [...policy.versions].reverse());
      return iamResponse(call.action, { Versions: items.map((version) => view(policy, version)), ...members });
    },
  },
  SetDefaultPolicyVersion: {
    parameters: ['PolicyArn', 'VersionId'],
    mutates: true,
    handle(call, _request, { world }) {
      const policy = policyIn(call, world);
      policy.defaultVersion = versionIn(call, policy).id;
      return iamResponse(call.action, null);
    },
  },
  DeletePolicyVersion: {
    parameters: ['PolicyArn', 'VersionId'],
    mutates: true,
    handle(call, _request, { world }) {
      const policy = policyIn(call, world);
      const version = versionIn(call, policy);
      if (version.id === policy.defaultVersion) throw awsFault(409, 'DeleteConflict', 'Cannot delete the default version of a policy.');
      policy.versions = policy.versions.filter((each) => each !== version);
      return iamResponse(call.action, null);
    },
  },
};
