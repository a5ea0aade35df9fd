import pLimit from 'p-limit';
import type { ArgoApplication, ArgoCd, ArgoNode } from '../clients/argocd.ts';
import { asEksDrError } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import { serviceHealth } from './service-health.ts';

/** Trees asked for at once: each is an answer of some size. */
const AT_ONCE = 8;

/**
 * Why the unhealthy ones of these applications are so, as their pods tell it: application -> reason. An application itself says no more
 * than Degraded. What can't be found out is left out: this is for people, and nothing is decided by it.
 */
export async function podReasons(
  argocd: Pick<ArgoCd, 'resourceTree'>,
  applications: readonly ArgoApplication[],
  log: Log,
): Promise<Map<string, string>> {
  const limit = pLimit(AT_ONCE);
  const unhealthy = applications.filter((application) => serviceHealth(application).status !== 'healthy');
  const found = await Promise.all(
    unhealthy.map(({ metadata: { name } }) =>
      limit(async (): Promise<readonly [string, string][]> => {
        try {
          const reason = podReason(await argocd.resourceTree(name));
          return reason === null ? [] : [[name, reason]];
        } catch (thrown) {
          const error = asEksDrError(thrown);
          if (error.category === 'bug' || error.category === 'interrupted') throw error;
          log.warn(`why ${name} is unhealthy could not be found out: ${error.message}`);
          return [];
        }
      }),
    ),
  );
  return new Map(found.flat());
}

/** `ImagePullBackOff: Back-off pulling image "..."`: of the first pod that failed, else of the first that is not ready. */
export function podReason(nodes: readonly ArgoNode[]): string | null {
  const pods = nodes.filter(({ kind, health }) => kind === 'Pod' && health?.status !== 'Healthy');
  const pod = pods.find(({ health }) => health?.status === 'Degraded') ?? pods[0];
  if (pod === undefined) return null;
  const reason = pod.info.find(({ name }) => name === 'Status Reason')?.value ?? '';
  const message = alike(pod.health?.message ?? '', pod.name);
  const words = [reason === 'Running' ? 'not ready' : reason, message].filter((word) => word !== '');
  return words.length === 0 ? null : words.join(': ');
}

// Names of pods, ids and ever longer pauses would make every cause different.
function alike(message: string, pod: string): string {
  return message
    .replace(/ ?pod=\S+/, '')
    .replace(/^back-off [\dhms.]+ /, 'back-off ')
    .replaceAll(pod, '<pod>');
}
