import type { Writable } from 'node:stream';
import pc from 'picocolors';
import type { Colors } from 'picocolors/types.ts';

/** Where a person looks: lines of steps, plans and questions. Lines wait while a question is open. */
export interface Screen {
  readonly colours: Colors;
  line(text: string): void;
  /** Shows something and keeps other lines back until `work` has ended; one at a time. */
  alone<T>(work: (show: (text: string) => void) => Promise<T>): Promise<T>;
}

/** Colours only on a terminal, and not with NO_COLOR in the environment. */
export function createScreen(output: Writable & { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): Screen {
  const colours = pc.createColors(output.isTTY === true && (environment.NO_COLOR ?? '') === '' && environment.TERM !== 'dumb');
  const show = (text: string): void => {
    output.write(`${text}\n`);
  };
  let waiting: string[] | null = null;
  let last: Promise<unknown> = Promise.resolve();

  async function hold<T>(work: (show: (text: string) => void) => Promise<T>): Promise<T> {
    waiting = [];
    try {
      return await work(show);
    } finally {
      for (const text of waiting) show(text);
      waiting = null;
    }
  }
  return {
    colours,
    line: (text) => {
      if (waiting === null) show(text);
      else waiting.push(text);
    },
    alone: (work) => {
      const mine = last.then(() => hold(work));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}
