import type { Readable, Writable } from 'node:stream';
import type { Step } from '../../steps/step.ts';

/** What the command line is given of the process it runs in. */
export interface CliIo {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** For results: a schema, a summary. */
  readonly stdout: Writable & { readonly isTTY?: boolean };
  /** For people: log lines, plans, questions, errors. */
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly environment: NodeJS.ProcessEnv;
  /** The folder with the compiled steps. */
  readonly stepsFolder: string;
  readonly steps: readonly Step[];
  /** Who sits here, for records: no authentication. */
  readonly user: string;
  readonly version: string;
}
