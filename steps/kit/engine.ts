import type { Clock } from './clock.ts';
import type { Driver } from './driver.ts';
import type { Log } from './log.ts';
import type { Direction } from './plan.ts';
import type { Run } from './run.ts';
import type { WaitDefinition } from './wait.ts';

/** What planning and applying need: the declared drivers and waits of one step, and its surroundings. */
export interface Engine<C> {
  readonly run: Pick<Run, 'id' | 'mode'>;
  readonly direction: Direction;
  readonly clients: C;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly driver: (kind: string) => Driver<C>;
  readonly wait: (name: string) => WaitDefinition<C>;
}
