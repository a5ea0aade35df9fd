import type { World } from '../world.ts';
import { vpcOriginOf } from './check-config.ts';
import type { DistributionConfig, Origin } from './state.ts';

/** Distributions by id (ours makes none), VPC origins by name: their ids are generated. What is being deleted is gone. */
export function dumpCloudFront({ cloudfront: { distributions, vpcOrigins } }: World): unknown {
  const nameOf = (id: string): string => vpcOrigins[id]?.endpoint.Name ?? id;
  const origin = (one: Origin): unknown => {
    const id = vpcOriginOf(one);
    return id === undefined ? one : { ...one, VpcOriginConfig: { ...(one.VpcOriginConfig as object), VpcOriginId: nameOf(id) } };
  };
  const view = (config: DistributionConfig): unknown => ({
    ...config,
    Origins: Object.fromEntries((config.Origins.Items ?? []).map((one) => [one.Id, origin(one)])),
  });
  const kept = Object.values(vpcOrigins).filter(({ goneAt }) => goneAt === undefined);
  return {
    distributions: Object.fromEntries(Object.values(distributions).map(({ id, config, tags }) => [id, { config: view(config), tags }])),
    vpcOrigins: Object.fromEntries(kept.map(({ endpoint, tags }) => [endpoint.Name, { endpoint, tags }])),
  };
}
