import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { formatJson, writeAtomically } from '../../steps/kit/atomic-file.ts';
import { EksDrError } from '../../steps/kit/errors.ts';
import type { OpenRun } from '../runner/open-run.ts';
import type { CliIo } from './io.ts';

/** What becomes of a drill that ended ok. */
export type DrillEnd = { readonly do: 'clean-up' } | { readonly do: 'keep'; readonly hours: number | undefined };

export const thenOption = {
  type: 'string',
  requiresArg: true,
  describe: 'After a drill that ended ok: clean-up, keep, or keep=8h (default: asks on a terminal, else says how to clean up)',
} as const;

const MOST_HOURS = 24 * 14;

export function parseThen(text: string | undefined): DrillEnd | undefined {
  if (text === undefined) return undefined;
  const end = endOf(text);
  if (end !== undefined) return end;
  throw new EksDrError('bad-usage', {
    message: `--then takes clean-up, keep, or keep=HOURSh with 1 to ${MOST_HOURS} hours, not "${text}".`,
    target: '--then',
  });
}

function endOf(text: string): DrillEnd | undefined {
  if (text === 'clean-up') return { do: 'clean-up' };
  if (text === 'keep') return { do: 'keep', hours: undefined };
  const hours = Number(/^keep=(\d{1,3})h$/.exec(text)?.[1]);
  return hours >= 1 && hours <= MOST_HOURS ? { do: 'keep', hours } : undefined;
}

/** Asks the person at the terminal until the answer is one; undefined where there is nobody, or who was there has gone. */
export async function askDrillEnd(io: CliIo, usualHours: number): Promise<DrillEnd | undefined> {
  if (io.stdin.isTTY !== true) return undefined;
  const reader = createInterface({ input: io.stdin, output: io.stderr });
  const gone = new AbortController();
  reader.once('close', () => gone.abort());
  try {
    for (;;) {
      const question = `The drill stands, and costs. [c]lean up now, [k]eep it ${usualHours} h, or keep it for so many hours (8h): `;
      const answer = (await reader.question(question, { signal: gone.signal })).trim().toLowerCase();
      const words: Readonly<Record<string, string>> = { c: 'clean-up', k: 'keep' };
      const end = endOf(words[answer] ?? (/^\d+h$/.test(answer) ? `keep=${answer}` : answer));
      if (end !== undefined) return end;
    }
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'AbortError') return undefined;
    throw thrown;
  } finally {
    reader.close();
  }
}

/** Records in the run folder until when the drill is kept, and answers the moment. `now`: ms since 1970. */
export async function keepDrill({ folder, run }: Pick<OpenRun, 'folder' | 'run'>, hours: number, by: string, now: number): Promise<string> {
  const until = new Date(now + hours * 3_600_000).toISOString();
  await writeAtomically(join(folder, 'keep.json'), formatJson({ schema: 1, run: run.id, until, by, at: new Date(now).toISOString() }));
  return until;
}
