import { awsFault } from '../aws/fault.ts';
import { text } from '../aws/query.ts';
import { type QueryOperation, type QueryOperations, querySystem } from '../aws/query-system.ts';
import { accountOperations } from './account.ts';
import { dumpEc2 } from './dump.ts';
import { gatewayOperations } from './gateways.ts';
import { instanceOperations } from './instances.ts';
import { launchTemplateOperations } from './launch-templates.ts';
import { networkInterfaceOperations } from './network-interfaces.ts';
import { ruleOperations } from './rules.ts';
import { securityGroupOperations } from './security-groups.ts';
import { subnetOperations } from './subnets.ts';
import { tagOperations } from './tags.ts';
import { volumeOperations } from './volumes.ts';
import { vpcOperations } from './vpcs.ts';

function withDryRun(operation: QueryOperation): QueryOperation {
  return {
    ...operation,
    handle(call, request, sandbox) {
      if (text(call.parameters, 'DryRun') === 'true') {
        throw awsFault(412, 'DryRunOperation', 'Request would have succeeded, but DryRun flag is set.');
      }
      return operation.handle(call, request, sandbox);
    },
  };
}

const all: QueryOperations = {
  ...vpcOperations,
  ...subnetOperations,
  ...securityGroupOperations,
  ...ruleOperations,
  ...gatewayOperations,
  ...instanceOperations,
  ...volumeOperations,
  ...networkInterfaceOperations,
  ...launchTemplateOperations,
  ...tagOperations,
  ...accountOperations,
};

export const ec2 = querySystem({
  name: 'ec2',
  service: 'ec2',
  version: '2016-11-15',
  unknownParameter: 'UnknownParameter',
  operations: Object.fromEntries(Object.entries(all).map(([name, operation]) => [name, withDryRun(operation)])),
  dump: dumpEc2,
});
