import { texts } from '../aws/query.ts';
import type { QueryOperations } from '../aws/query-system.ts';
import type { World } from '../world.ts';
import { byIds, ec2Response, page, regionOf, tagSet } from './call.ts';
import { filterItems } from './filters.ts';
import { nextEc2Id } from './ids.ts';
import { ec2Region } from './network.ts';
import type { Instance } from './state.ts';

/** From the call to an instance that is gone (ms of sandbox time); EC2 goes on showing it for about an hour. */
const SHUTTING_DOWN = 30_000;
const SHOWN_FOR = 3_600_000;

/** Launches one for a controller in a cluster: EC2's own API for that is not served. */
export function launchInstance(
  world: World,
  region: string,
  wish: Pick<Instance, 'type' | 'zone' | 'vpcId' | 'tags'>,
  now: number,
): Instance {
  const instance: Instance = { ...wish, id: nextEc2Id(world.ec2, 'i'), launchedAt: now, terminatedAt: null };
  ec2Region(world, region).instances[instance.id] = instance;
  return instance;
}

export function terminateInstance(world: World, region: string, id: string, now: number): void {
  const instance = ec2Region(world, region).instances[id];
  if (instance !== undefined) instance.terminatedAt ??= now;
}

export function instanceState({ terminatedAt }: Instance, now: number): { readonly code: number; readonly name: string } {
  if (terminatedAt === null) return { code: 16, name: 'running' };
  return now < terminatedAt + SHUTTING_DOWN ? { code: 32, name: 'shutting-down' } : { code: 48, name: 'terminated' };
}

export const instanceOperations: QueryOperations = {
  DescribeInstances: {
    parameters: ['InstanceId', 'Filter', 'MaxResults', 'NextToken', 'DryRun'],
    mutates: false,
    handle(call, request, { world, clock }) {
      const region = regionOf(world, request);
      const now = clock.now();
      const shown = Object.fromEntries(
        Object.entries(region.instances).filter(([, { terminatedAt }]) => terminatedAt === null || now < terminatedAt + SHOWN_FOR),
      );
      const found = byIds(call, 'InstanceId', shown, 'InvalidInstanceID.NotFound');
      const filtered = filterItems(call, found, {
        'instance-id': ({ id }) => id,
        'instance-state-name': (instance) => instanceState(instance, now).name,
        'instance-type': ({ type }) => type,
        'vpc-id': ({ vpcId }) => vpcId,
      });
      const { items, nextToken } = page(call, filtered);
      const reservations = items.map((instance) => ({
        reservationId: instance.id.replace('i-', 'r-'),
        ownerId: world.accountId,
        instancesSet: [
          {
            instanceId: instance.id,
            instanceType: instance.type,
            instanceState: { code: String(instanceState(instance, now).code), name: instanceState(instance, now).name },
            placement: { availabilityZone: instance.zone, tenancy: 'default' },
            vpcId: instance.vpcId,
            launchTime: new Date(instance.launchedAt).toISOString(),
            tagSet: tagSet(instance.tags),
          },
        ],
      }));
      return ec2Response(call.action, { reservationSet: reservations, nextToken });
    },
  },
  TerminateInstances: {
    parameters: ['InstanceId', 'DryRun'],
    mutates: true,
    handle(call, request, { world, clock }) {
      const region = regionOf(world, request);
      const now = clock.now();
      const found = byIds(call, 'InstanceId', region.instances, 'InvalidInstanceID.NotFound');
      const named = found.filter(({ id }) => texts(call.parameters, 'InstanceId').includes(id));
      const views = named.map((instance) => {
        const before = instanceState(instance, now);
        instance.terminatedAt ??= now;
        const after = instanceState(instance, now);
        const view = ({ code, name }: typeof before) => ({ code: String(code), name });
        return { instanceId: instance.id, currentState: view(after), previousState: view(before) };
      });
      return ec2Response(call.action, { instancesSet: views });
    },
  },
};
