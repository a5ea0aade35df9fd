import { type Addon, ourAddon } from '../addons/addon.ts';
import type { Json } from '../kit/json.ts';
import type { Karpenter } from './settings.ts';

/** The two charts of Karpenter, in the order in which they are installed. */
export interface KarpenterAddons {
  readonly definitions: Addon;
  readonly controller: Addon;
}

/** What the charts must be told of the new cluster. */
export interface KarpenterFacts {
  readonly cluster: string;
  readonly region: string;
  readonly endpoint: string;
  /** 1 or 2, by the nodes that are there. */
  readonly replicas: Json;
  /** Null: Karpenter learns of no interruptions. */
  readonly queue: string | null;
  readonly serviceAccountAnnotations: Readonly<Record<string, string>>;
}

export async function karpenterAddons(karpenter: Karpenter, { queue, ...facts }: KarpenterFacts): Promise<KarpenterAddons> {
  const [definitions, controller] = await Promise.all([
    ourAddon('karpenter-crd', {}, { version: karpenter.version, repository: karpenter.repository }),
    ourAddon('karpenter', { ...facts, interruptionQueue: queue ?? '' }, karpenter),
  ]);
  return { definitions, controller };
}
