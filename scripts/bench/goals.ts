import type { ApplyTimes } from './apply.ts';
import type { BundleSize } from './bundle-size.ts';
import type { ProcessStarts } from './process-start.ts';
import type { SwitchTimes } from './rated/switching.ts';
import type { RenderTime } from './rendering.ts';

export interface Measured {
  readonly starts: ProcessStarts;
  readonly bundle: BundleSize;
  readonly namespaces: ApplyTimes;
  readonly vaultRoles: ApplyTimes;
  /** What limits of AWS hold up. */
  readonly records: SwitchTimes;
  readonly apis: SwitchTimes;
  readonly distributions: SwitchTimes;
  /** From few applications to many. */
  readonly rendering: readonly RenderTime[];
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

/** A switch: so many times what the documented limits allow for the requests that it makes. */
const MOST_TIMES_LEAST = 1.1;

/** 15,000 applications rendered. */
const MOST_RENDER_MS = 10_000;
const MOST_RENDER_BYTES = 500_000_000;
/** Time grows with the number of applications: each of many may take no longer than one of a tenth as many, but for noise. */
const MOST_RENDER_GROWTH = 1.5;

/** Every goal with what was measured, in the order of the measurements. */
export function goalsOf({ starts, bundle, namespaces, vaultRoles, records, apis, distributions, rendering }: Measured): readonly Goal[] {
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
    ratioGoal(records),
    ratioGoal(apis),
    noFailureGoal(distributions),
    renderGoal(rendering),
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

function ratioGoal(times: SwitchTimes): Goal {
  const ratio = timesLeast(times);
  return {
    name: `${times.objects} ${times.title}`,
    goal: `at most ${MOST_TIMES_LEAST} times what the documented limits allow, no failed change`,
    measured: `${ratio.toFixed(2)} times`,
    met: ratio <= MOST_TIMES_LEAST && times.failed === 0,
  };
}

/** Of what documents no rate, nobody knows what it allows. */
function noFailureGoal({ objects, title, refused, failed }: SwitchTimes): Goal {
  return {
    name: `${objects} ${title}`,
    goal: 'no failed change, whatever rate there is',
    measured: `${failed} failed, ${refused} refused for the rate and made again`,
    met: failed === 0,
  };
}

export function timesLeast({ seconds: taken, leastSeconds }: SwitchTimes): number {
  return taken / leastSeconds;
}

function renderGoal(times: readonly RenderTime[]): Goal {
  const [before, most] = times.slice(-2);
  if (before === undefined || most === undefined) throw new Error('the rendering was not measured');
  const growth = most.ms / most.applications / (before.ms / before.applications);
  return {
    name: `${most.applications} applications rendered`,
    goal: `under ${seconds(MOST_RENDER_MS)} and ${megabytes(MOST_RENDER_BYTES)}, at most ${MOST_RENDER_GROWTH} times as long for each as for ${before.applications}`,
    measured: `${seconds(most.ms)}, ${megabytes(most.bytes)}, ${growth.toFixed(1)} times`,
    met: most.ms < MOST_RENDER_MS && most.bytes < MOST_RENDER_BYTES && growth <= MOST_RENDER_GROWTH,
  };
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
