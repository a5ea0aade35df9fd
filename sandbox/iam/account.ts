import { requiredText, texts } from '../aws/query.ts';
import type { QueryOperations } from '../aws/query-system.ts';
import { iamResponse, noSuchEntity } from './common.ts';
import { decisionFor, roleOf } from './principals.ts';
import { quotas } from './quotas.ts';

export const accountOperations: QueryOperations = {
  GetAccountSummary: {
    parameters: [],
    mutates: false,
    handle(call, _request, { world }) {
      const summary = {
        Roles: Object.keys(world.iam.roles).length,
        RolesQuota: quotas.roles,
        Policies: Object.keys(world.iam.policies).length,
        PoliciesQuota: quotas.policies,
        PolicySizeQuota: quotas.managedPolicySize,
        PolicyVersionsInUseQuota: 10_000,
        VersionsPerPolicyQuota: quotas.versionsPerPolicy,
        AttachedPoliciesPerRoleQuota: quotas.policiesPerRole,
        AssumeRolePolicySizeQuota: quotas.trustPolicySize,
        Providers: Object.keys(world.iam.oidcProviders).length,
      };
      const entries = Object.entries(summary).map(([key, value]) => ({ key, value }));
      return iamResponse(call.action, { SummaryMap: { item: 'entry', values: entries } });
    },
  },
  SimulatePrincipalPolicy: {
    parameters: ['PolicySourceArn', 'ActionNames', 'ResourceArns', 'MaxItems', 'Marker'],
    mutates: false,
    handle(call, _request, { world }) {
      const arn = requiredText(call.parameters, 'PolicySourceArn');
      if (!roleOf(world, arn) && !world.iam.identities[arn]) throw noSuchEntity(`The policy source ${arn} cannot be found.`);
      const results = texts(call.parameters, 'ActionNames').map((action) => ({
        EvalActionName: action,
        EvalResourceName: '*',
        EvalDecision: decisionFor(world, arn, action),
        MatchedStatements: [],
        MissingContextValues: [],
      }));
      return iamResponse(call.action, { EvaluationResults: results, IsTruncated: false });
    },
  },
};
