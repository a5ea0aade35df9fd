import { awsFault } from '../aws/fault.ts';
import { protocols } from '../aws/protocols.ts';
import { queryResponse, requiredText } from '../aws/query.ts';
import { type QueryOperations, querySystem } from '../aws/query-system.ts';
import { principalOf } from '../iam/principals.ts';
import { assumeRole } from './assume-role.ts';

const xmlns = protocols.sts?.xmlns ?? '';

const operations: QueryOperations = {
  GetCallerIdentity: {
    parameters: [],
    mutates: false,
    handle(_call, request, { world }) {
      const caller = principalOf(world, request.scope?.accessKeyId ?? '');
      if (!caller) throw awsFault(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
      return queryResponse('GetCallerIdentity', xmlns, { Arn: caller.callerArn, UserId: caller.userId, Account: world.accountId });
    },
  },
  AssumeRole: {
    parameters: [
      'RoleArn',
      'RoleSessionName',
      'DurationSeconds',
      'ExternalId',
      'Policy',
      'PolicyArns',
      'Tags',
      'TransitiveTagKeys',
      'SourceIdentity',
    ],
    // It makes credentials, nothing that lasts.
    mutates: false,
    handle: assumeRole,
  },
  GetAccessKeyInfo: {
    parameters: ['AccessKeyId'],
    mutates: false,
    handle(call, _request, { world }) {
      const id = requiredText(call.parameters, 'AccessKeyId');
      if (!world.iam.accessKeys[id]) throw awsFault(400, 'ValidationError', 'Access key not found.');
      return queryResponse('GetAccessKeyInfo', xmlns, { Account: world.accountId });
    },
  },
};

export const sts = querySystem({ name: 'sts', service: 'sts', version: '2011-06-15', operations, dump: () => ({}) });
