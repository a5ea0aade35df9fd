import { createInterface } from 'node:readline/promises';
import { askCluster } from '../../steps/ask-cluster.ts';
import { EksDrError } from '../../steps/kit/errors.ts';
import type { LogFormat } from '../../steps/kit/log.ts';
import { createScreen } from '../runner/screen.ts';
import type { CliIo } from './io.ts';
import { look } from './look.ts';

/** Whoever says that the cluster is gone is asked once more where it answers: it cleans up after itself better than we do after it. */
export async function confirmClusterGone(folder: string, approve: 'all' | undefined, log: LogFormat, io: CliIo): Promise<void> {
  const screen = createScreen(io.stderr, io.environment);
  const { cluster, answers, said } = await look(askCluster, folder, log, screen, io);
  if (!answers) return screen.line(`The cluster ${cluster} does not answer: ${said}`);
  const warning = `The cluster ${cluster} answers. The normal way is better: its controllers then delete what they made, and pods end in order.`;
  if (approve === 'all' || io.stdin.isTTY !== true) throw refusal(warning, cluster);
  screen.line(warning);
  const reader = createInterface({ input: io.stdin, output: io.stderr });
  try {
    const answer = await reader.question('Go on all the same, without its help? [y]es, [n]o: ');
    if (!/^y(es)?$/i.test(answer.trim())) throw refusal(warning, cluster);
  } finally {
    reader.close();
  }
}

function refusal(message: string, target: string): EksDrError {
  return new EksDrError('rejected', { message, target, remedy: 'Leave out --cluster-gone.' });
}
