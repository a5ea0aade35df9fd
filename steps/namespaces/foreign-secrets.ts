import type { Clients } from '../clients/clients.ts';
import { EksDrError, gather } from '../kit/errors.ts';
import type { Resource } from '../kit/resource.ts';
import { kubernetesSecret } from '../resources/kubernetes-secret.ts';

/** Throws one conflict with every secret that is there already and not of this run, so that people see them all before anything is approved. */
export async function refuseForeignSecrets(
  clients: Pick<Clients, 'kubernetes' | 'secrets'>,
  run: string,
  secrets: readonly Resource[],
): Promise<void> {
  const planned = await kubernetesSecret.plan(clients, secrets);
  const conflicts = planned.flatMap(({ before, owner }, index) => {
    const secret = secrets[index];
    if (before === null || secret === undefined || (owner.kind === 'run' && owner.run === run)) return [];
    const target = kubernetesSecret.label(secret.id);
    return [
      new EksDrError('conflict', {
        message: `The secret ${target} exists already and ${owner.kind === 'run' ? `belongs to run ${owner.run}` : 'was not made by EKS-DR'}.`,
        target,
        remedy: 'Delete or rename that secret, choose another namespaces.newRelic.secretName, or exclude its namespace; then plan again.',
      }),
    ];
  });
  if (conflicts.length > 0) throw gather(conflicts);
}
