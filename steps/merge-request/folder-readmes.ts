import { wavePrefix, wavesOf } from '../deploy/waves.ts';
import type { Run } from '../kit/run.ts';
import type { TextFile } from '../rendering/text-file.ts';

interface Facts {
  readonly run: Pick<Run, 'id' | 'mode'>;
  readonly cluster: string;
  readonly services: readonly { readonly wave: number | null }[];
}

/**
 * What stands in the recovery's folder, and in that of each wave, for those who find it in Git. They also make the folders exist when no
 * service is chosen, or people take the last one out of a wave: Argo CD refuses a folder that isn't there.
 */
export function folderReadmes({ run, cluster, services }: Facts): TextFile[] {
  const waves = wavesOf(services);
  const whole = [
    `# ${cluster}`,
    '',
    `The Argo CD applications of ${run.mode === 'drill' ? 'drill' : 'recovery'} \`${run.id}\`, written by EKS-DR from the templates of the primary cluster.`,
    'This folder belongs to that run: its undo removes it.',
    ...(waves.length === 0 ? [] : ['What lies in the folder of a wave is deployed once the wave before is healthy; nothing else here is.']),
    '',
  ];
  const perWave = waves.map(({ number }) => ({
    path: `${wavePrefix(number)}README.md`,
    text: `# ${cluster}: wave ${number}\n\nA root application of its own deploys what lies here.\n`,
  }));
  return [{ path: 'README.md', text: whole.join('\n') }, ...perWave];
}
