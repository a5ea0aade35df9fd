import { join } from 'node:path';
import { askCluster } from '../../../steps/ask-cluster.ts';
import { writeAtomically } from '../../../steps/kit/atomic-file.ts';
import { EksDrError } from '../../../steps/kit/errors.ts';
import { searchOrphans } from '../../../steps/search-orphans.ts';
import { readRecord } from '../../runner/folder.ts';

/** What a look through the remote systems came to. `unstable`: the build shall not end as if all were well. */
export interface FoundAnswer {
  readonly unstable: boolean;
  readonly message: string;
}

/** Judges what one of the steps saw that only look. Throws `rejected` where the new cluster answers, though it was said to be gone. */
export async function found(folder: string, step: string): Promise<FoundAnswer> {
  const outputs = (await readRecord(folder, step))?.outputs;
  if (step === askCluster.id) return clusterFound(askCluster.outputs.parse(outputs));
  if (step === searchOrphans.id) return orphansFound(folder, searchOrphans.outputs.parse(outputs));
  throw new EksDrError('bad-usage', { message: `${step} is no step that only looks.`, target: step });
}

function clusterFound({
  cluster,
  answers,
  said,
}: {
  readonly cluster: string;
  readonly answers: boolean;
  readonly said: string;
}): FoundAnswer {
  if (!answers) return { unstable: false, message: `The cluster ${cluster} does not answer: ${said}` };
  throw new EksDrError('rejected', {
    message: `The cluster ${cluster} answers. The normal way is better: its controllers then delete what they made, and pods end in order.`,
    target: cluster,
    remedy: 'Start a new build with the same SOURCE_BUILD, without CLUSTER_GONE.',
  });
}

interface Orphans {
  readonly orphans: readonly { readonly system: string; readonly what: string; readonly where: string; readonly remove: string }[];
  readonly asked: readonly string[];
  readonly unasked: readonly { readonly system: string; readonly reason: string }[];
}

async function orphansFound(folder: string, { orphans, asked, unasked }: Orphans): Promise<FoundAnswer> {
  const lines = [
    ...orphans.map(({ system, what, where, remove }) => `left: ${system}: ${what} (${where})\n  -> ${remove}`),
    ...unasked.map(({ system, reason }) => `not known: ${system}: ${reason}`),
  ];
  const clean = `Nothing of this run is left in ${asked.join(', ')}.`;
  const message = [...(orphans.length === 0 ? [clean] : [`${orphans.length} things of this run are left:`]), ...lines].join('\n');
  await writeAtomically(join(folder, 'orphans.txt'), `${message}\n`);
  return { unstable: lines.length > 0, message };
}
