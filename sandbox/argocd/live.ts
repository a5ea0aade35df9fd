import type { HealthStatus } from './application.ts';
import type { JsonObject } from './json.ts';
import type { ResourceKey } from './state.ts';

/** What the controller does on a destination: a cluster, or Argo CD's own. Failures are thrown with the API server's message. */
export interface Live {
  get(key: ResourceKey): JsonObject | null;
  apply(object: JsonObject): void;
  remove(key: ResourceKey): void;
  /** Null: this kind's health counts for nothing. */
  health(object: JsonObject): HealthStatus | null;
}

/** The destination, or why it can't be reached. */
export type Reached = { readonly live: Live } | { readonly problem: string };
