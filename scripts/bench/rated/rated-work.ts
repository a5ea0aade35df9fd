import type { RunningSandbox } from '../../../sandbox/server.ts';
import type { Clients } from '../../../steps/clients/clients.ts';
import type { Limit } from '../../../steps/clients/limits.ts';
import type { Estate } from '../../../steps/estate/estate.ts';
import type { Driver } from '../../../steps/kit/driver.ts';
import type { Description } from '../../../steps/kit/resource.ts';
import type { Run } from '../../../steps/kit/run.ts';
import type { WaitDefinition } from '../../../steps/kit/wait.ts';
import type { Stage } from './least-time.ts';

/** What of a recovery AWS's rate limits hold up, whatever we do. */
export interface RatedWork {
  /** After the number of objects, in the title: "records of Route 53 over 20 zones". */
  readonly title: string;
  readonly drivers: readonly Driver<Clients>[];
  readonly waits: readonly WaitDefinition<Clients>[];
  /** How many times as fast as the wall clock time runs. What our process itself takes counts so many times. */
  readonly scale: number;
  start(objects: number, scale: number): Promise<RatedPlace>;
}

/** Remote systems in which as many objects lead to the primary. */
export interface RatedPlace {
  readonly running: RunningSandbox;
  /** What the step wants there. */
  describe(clients: Clients, estate: Estate, run: Run): Promise<Description>;
  /** The stages that the switch can't do without, by how often each operation was answered; looking again and again while waiting is none. */
  stages(calls: (operation: string) => number): readonly Stage[];
  readonly limits: Readonly<Record<string, Limit>>;
  /** The same switch as a script does it: one request after another, each thing waited for before the next. */
  script(clients: Clients): Promise<void>;
}
