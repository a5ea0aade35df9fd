import type { Resource } from '../kit/resource.ts';
import type { PlannedApi } from './plan-api.ts';

/**
 * So many APIs are edited while those before them are published: deployments, one in five seconds, leave the account most of its ten requests
 * a second, so that edits take no time of their own. Few, so that a wave is looked at within the five seconds that its first deployment waits.
 */
const TOGETHER = 4;
/** No deployment is under way yet. */
const FIRST = 3;

/** Edits, each wave of them beside the deployments of the wave before. An API is published once all its edits are made. */
export function switchWaves(planned: readonly Pick<PlannedApi, 'edits' | 'deployments'>[]): Resource[][] {
  const parts = partsOf(planned.filter(({ edits, deployments }) => edits.length + deployments.length > 0));
  return [...parts.keys(), parts.length].flatMap((index) => {
    const wave = [
      ...(parts[index - 1] ?? []).flatMap(({ deployments }) => deployments),
      ...(parts[index] ?? []).flatMap(({ edits }) => edits),
    ];
    return wave.length === 0 ? [] : [wave];
  });
}

function partsOf<T>(all: readonly T[]): T[][] {
  const parts = all.length === 0 ? [] : [all.slice(0, FIRST)];
  for (let start = FIRST; start < all.length; start += TOGETHER) parts.push(all.slice(start, start + TOGETHER));
  return parts;
}
