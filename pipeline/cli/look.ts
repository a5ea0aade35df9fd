import type * as z from 'zod';
import { clockScale } from '../../steps/environment.ts';
import { createClock } from '../../steps/kit/clock.ts';
import { EksDrError } from '../../steps/kit/errors.ts';
import type { LogFormat } from '../../steps/kit/log.ts';
import type { Run } from '../../steps/kit/run.ts';
import { readEstate, readEstateFolder, readRecord, readRun } from '../runner/folder.ts';
import { interruptible } from '../runner/interrupt.ts';
import type { Screen } from '../runner/screen.ts';
import { type RunnableStep, takeTurn } from '../runner/turn.ts';
import type { CliIo } from './io.ts';

/** A step that only looks, and is no part of any graph. */
interface Look<O> extends RunnableStep {
  readonly outputs: z.ZodType<O>;
}

/** The run in a folder; throws `bad-usage` where there is none. */
export async function runIn(folder: string): Promise<Run> {
  const run = await readRun(folder);
  if (run !== undefined) return run;
  throw new EksDrError('bad-usage', {
    message: `${folder} holds no run (no run.json).`,
    target: '--run',
    remedy: 'Name the folder of a run, such as .eks-dr/<run id>.',
  });
}

/** Takes such a look in a run folder, and gives what it saw. Throws what kept it from looking. */
export async function look<O>(step: Look<O>, folder: string, log: LogFormat, screen: Screen, io: CliIo): Promise<O> {
  const [run, estate, estateFolder] = [await runIn(folder), await readEstate(folder), await readEstateFolder(folder)];
  if (estate === undefined || estateFolder === undefined)
    throw new EksDrError('bad-usage', { message: `The folder ${folder} lacks its estate.`, target: '--run' });
  const { stepsFolder, environment } = io;
  await interruptible(
    (signal) =>
      takeTurn(step, {
        folder,
        run,
        direction: 'forward',
        stepsFolder,
        environment: { ...environment, EKS_DR_ESTATE_FOLDER: estateFolder },
        log,
        screen,
        width: step.id.length,
        decide: () => Promise.reject(new EksDrError('bug', { message: `${step.id} was to be approved.` })),
        clock: createClock(clockScale(environment, estate), Date.parse(run.startedAt)),
        signal,
        onStart: () => undefined,
        onEnd: () => undefined,
      }),
    () => undefined,
  );
  return step.outputs.parse((await readRecord(folder, step.id))?.outputs);
}
