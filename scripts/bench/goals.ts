import type { ApplyTimes } from './apply.ts';
import type { BundleSize } from './bundle-size.ts';
import type { ProcessStarts } from './process-start.ts';

export interface Measured {
  readonly starts: ProcessStarts;
  readonly bundle: BundleSize;
  readonly namespaces: ApplyTimes;
  readonly vaultRoles: ApplyTimes;
}

export interface Goal {
  readonly name: string;
  readonly goal: string;
  readonly measured: string;
  readonly met: boolean;
}

/** The start of a step: so many times that of `node -e 0`, medians compared. */
export const MOST_TIMES_NODE = 4;
/** The compiled steps, compressed as they travel. */
const MOST_BYTES = 3_000_000;
/** 60 namespaces with a secret in each, at 50 ms for each answer. */
const MOST_NAMESPACES_MS = 3_000;
/** 150 roles of Vault at the same. */
const MOST_VAULT_ROLES_MS = 5_000;

/** Every goal with what was measured, in the order of the measurements. */
export function goalsOf({ starts, bundle, namespaces, vaultRoles }: Measured): readonly Goal[] {
  return [
    ...starts.steps.map(({ step, times }) => ({
      name: `start of ${step}`,
      goal: `at most ${MOST_TIMES_NODE} times node -e 0`,
      measured: `${times.toFixed(1)} times`,
      met: times <= MOST_TIMES_NODE,
    })),
    {
      name: 'dist/steps, compressed',
      goal: `under ${megabytes(MOST_BYTES)}`,
      measured: megabytes(bundle.compressedBytes),
      met: bundle.compressedBytes < MOST_BYTES,
    },
    applyGoal(namespaces, MOST_NAMESPACES_MS),
    applyGoal(vaultRoles, MOST_VAULT_ROLES_MS),
  ];
}

function applyGoal({ title, objects, latencyMs, ms }: ApplyTimes, most: number): Goal {
  return {
    name: `${objects} ${title} at ${latencyMs} ms`,
    goal: `under ${seconds(most)}`,
    measured: seconds(ms.median),
    met: ms.median < most,
  };
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
