import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { durationText } from '../../steps/kit/text.ts';

const report = z.object({
  status: z.string(),
  services: z.object({ total: z.number(), healthy: z.number(), failed: z.array(z.unknown()) }),
  steps: z.array(z.object({ step: z.string(), status: z.string(), seconds: z.number().nullable(), changes: z.unknown() })),
  rto: z.object({ targetSeconds: z.number(), actualSeconds: z.number().nullable() }),
});

/** The report of a drill in a few lines: services, the recovery time against its target, the time of each step. */
export async function reportLines(file: string): Promise<readonly string[]> {
  const { status, services, steps, rto } = report.parse(JSON.parse(await readFile(file, 'utf8')));
  const actual = rto.actualSeconds === null ? 'not known' : durationText(rto.actualSeconds);
  return [
    `${status}: ${services.healthy} of ${services.total} services healthy`,
    `recovery time ${actual}, target ${durationText(rto.targetSeconds)} (in the time of the sandbox)`,
    ...steps.map(
      ({ step, status: end, seconds }) => `  ${step.padEnd(20)} ${end.padEnd(8)} ${seconds === null ? '' : durationText(seconds)}`,
    ),
  ];
}
