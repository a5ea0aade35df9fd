import {
  ChangeTagsForResourceCommand,
  CreateHealthCheckCommand,
  DeleteHealthCheckCommand,
  GetHealthCheckCommand,
  type HealthCheckConfig,
  ListHealthChecksCommand,
  ListTagsForResourceCommand,
  UpdateHealthCheckCommand,
} from '@aws-sdk/client-route-53';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import { unique } from '../unique.ts';
import { HEALTH_CHECKS, UPDATE_HEALTH_CHECK } from './documentation.ts';
import type { Route53Subject } from './subjects.ts';
import { route53Client } from './zone.ts';

const CONFIG: HealthCheckConfig = { Type: 'HTTPS', FullyQualifiedDomainName: 'www.example.com', ResourcePath: '/healthz' };

async function newCheck(aws: Route53Subject) {
  const client = route53Client(aws);
  const reference = unique('contract');
  const { HealthCheck } = await client.send(new CreateHealthCheckCommand({ CallerReference: reference, HealthCheckConfig: CONFIG }));
  const HealthCheckId = HealthCheck?.Id ?? '';
  const read = async () => (await client.send(new GetHealthCheckCommand({ HealthCheckId }))).HealthCheck;
  return { client, reference, HealthCheckId, read };
}

// No referee: what the emulators make of versions is not what AWS documents.
export const healthChecks: readonly Assertion<Route53Subject>[] = [
  {
    title: 'makes a health check of version 1, lists it, and fills in port, interval and threshold',
    concern: 'writes',
    servedBy: [],
    source: HEALTH_CHECKS,
    async holds(aws) {
      const { client, HealthCheckId, read } = await newCheck(aws);
      const found = await read();
      expect(found?.HealthCheckVersion).to.equal(1);
      expect(found?.HealthCheckConfig).to.include({ ...CONFIG, Port: 443, RequestInterval: 30, FailureThreshold: 3 });
      const { HealthChecks } = await client.send(new ListHealthChecksCommand({}));
      expect(HealthChecks?.map(({ Id }) => Id)).to.contain(HealthCheckId);
    },
  },
  {
    title: 'changes of a health check what an update names, and counts its version up',
    concern: 'writes',
    servedBy: [],
    source: UPDATE_HEALTH_CHECK,
    async holds(aws) {
      const { client, HealthCheckId, read } = await newCheck(aws);
      const FullyQualifiedDomainName = 'other.example.com';
      await client.send(new UpdateHealthCheckCommand({ HealthCheckId, HealthCheckVersion: 1, FullyQualifiedDomainName }));
      const found = await read();
      expect(found?.HealthCheckVersion).to.equal(2);
      expect(found?.HealthCheckConfig).to.include({ ...CONFIG, FullyQualifiedDomainName });
    },
  },
  {
    title: 'refuses an update of a health check under another version with 409 and HealthCheckVersionMismatch',
    concern: 'conflicts',
    servedBy: [],
    source: UPDATE_HEALTH_CHECK,
    async holds(aws) {
      const { client, HealthCheckId, read } = await newCheck(aws);
      const update = new UpdateHealthCheckCommand({ HealthCheckId, HealthCheckVersion: 1, FailureThreshold: 5 });
      await client.send(update);
      expect(await refusalOf(client.send(update))).to.include({ name: 'HealthCheckVersionMismatch', status: 409 });
      expect((await read())?.HealthCheckVersion).to.equal(2);
    },
  },
  {
    title: 'gives the same health check for the same caller reference, and refuses other settings under it with 409',
    concern: 'conflicts',
    servedBy: [],
    source: HEALTH_CHECKS,
    async holds(aws) {
      const { client, HealthCheckId, reference: CallerReference } = await newCheck(aws);
      const again = await client.send(new CreateHealthCheckCommand({ CallerReference, HealthCheckConfig: CONFIG }));
      expect(again.HealthCheck?.Id).to.equal(HealthCheckId);
      const other = new CreateHealthCheckCommand({ CallerReference, HealthCheckConfig: { ...CONFIG, ResourcePath: '/' } });
      expect(await refusalOf(client.send(other))).to.include({ name: 'HealthCheckAlreadyExists', status: 409 });
    },
  },
  {
    title: 'keeps tags of a health check, and answers one that is gone with 404 and NoSuchHealthCheck',
    concern: 'not found',
    servedBy: [],
    source: HEALTH_CHECKS,
    async holds(aws) {
      const { client, HealthCheckId } = await newCheck(aws);
      const of = { ResourceType: 'healthcheck', ResourceId: HealthCheckId } as const;
      await client.send(new ChangeTagsForResourceCommand({ ...of, AddTags: [{ Key: 'eks-dr:scope', Value: 'drill' }] }));
      const { ResourceTagSet } = await client.send(new ListTagsForResourceCommand(of));
      expect(ResourceTagSet?.Tags).to.deep.equal([{ Key: 'eks-dr:scope', Value: 'drill' }]);
      await client.send(new DeleteHealthCheckCommand({ HealthCheckId }));
      const gone = [client.send(new GetHealthCheckCommand({ HealthCheckId })), client.send(new ListTagsForResourceCommand(of))];
      for (const refusal of await Promise.all(gone.map(refusalOf))) expect(refusal).to.include({ name: 'NoSuchHealthCheck', status: 404 });
    },
  },
  {
    title: 'refuses a health check without an endpoint with 400 and InvalidInput',
    concern: 'validation',
    servedBy: [],
    source: HEALTH_CHECKS,
    async holds(aws) {
      const create = new CreateHealthCheckCommand({ CallerReference: unique('contract'), HealthCheckConfig: { Type: 'TCP', Port: 443 } });
      expect(await refusalOf(route53Client(aws).send(create))).to.include({ name: 'InvalidInput', status: 400 });
    },
  },
];
