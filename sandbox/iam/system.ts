import { querySystem } from '../aws/query-system.ts';
import { accountOperations } from './account.ts';
import { dumpIam } from './dump.ts';
import { instanceProfileOperations } from './instance-profiles.ts';
import { oidcOperations } from './oidc-providers.ts';
import { policyOperations } from './policies.ts';
import { policyVersionOperations } from './policy-versions.ts';
import { rolePolicyOperations } from './role-policies.ts';
import { roleOperations } from './roles.ts';

export const iam = querySystem({
  name: 'iam',
  service: 'iam',
  version: '2010-05-08',
  operations: {
    ...roleOperations,
    ...rolePolicyOperations,
    ...instanceProfileOperations,
    ...policyOperations,
    ...policyVersionOperations,
    ...oidcOperations,
    ...accountOperations,
  },
  dump: dumpIam,
});
