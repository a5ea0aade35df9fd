import type { World } from '../world.ts';
import { nextId } from './ids.ts';
import type { AccessEntry } from './state.ts';

/** An access entry with EKS's own defaults: type STANDARD, the session's ARN as username. */
export function newAccessEntry(
  world: World,
  {
    region,
    cluster,
    principalArn,
    now,
    ...rest
  }: { region: string; cluster: string; principalArn: string; now: number } & Partial<AccessEntry>,
): AccessEntry {
  const [, , , , , resource = ''] = principalArn.split(':');
  const [sort = 'role', ...path] = resource.split('/');
  const name = path.at(-1) ?? '';
  const session = sort === 'role' ? `arn:aws:sts::${world.accountId}:assumed-role/${name}/{{SessionName}}` : principalArn;
  return {
    principalArn,
    type: 'STANDARD',
    kubernetesGroups: [],
    username: session,
    tags: {},
    id: `arn:aws:eks:${region}:${world.accountId}:access-entry/${cluster}/${sort}/${world.accountId}/${name}/${nextId(world)}`,
    createdAt: now,
    modifiedAt: now,
    policies: {},
    ...rest,
  };
}
