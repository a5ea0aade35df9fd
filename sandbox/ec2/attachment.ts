import { instanceState } from './instances.ts';
import type { Ec2Region } from './state.ts';

/** The instance that something is attached to; null once that is terminated: EC2 detaches then. */
export function attachedTo(region: Ec2Region, { instanceId }: { readonly instanceId: string | null }, now: number): string | null {
  const instance = instanceId === null ? undefined : region.instances[instanceId];
  return instance === undefined || instanceState(instance, now).name === 'terminated' ? null : instance.id;
}
