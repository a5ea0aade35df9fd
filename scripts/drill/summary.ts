import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { durationText } from '../../steps/kit/text.ts';

const report = z.object({
  status: z.string(),
  services: z.object({ total: z.number(), healthy: z.number(), failed: z.array(z.unknown()) }),
  rto: z.object({ targetSeconds: z.number(), actualSeconds: z.number().nullable() }),
});

/** The report of a drill in two lines: services, and the recovery time against its target. The runner has shown the steps. */
export async function reportLines(file: string): Promise<readonly string[]> {
  const { status, services, rto } = report.parse(JSON.parse(await readFile(file, 'utf8')));
  const actual = rto.actualSeconds === null ? 'not known' : durationText(rto.actualSeconds);
  return [
    `${status}: ${services.healthy} of ${services.total} services healthy`,
    `recovery time ${actual}, target ${durationText(rto.targetSeconds)} (in the time of the sandbox)`,
  ];
}
