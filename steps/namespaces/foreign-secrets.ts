import type { Clients } from '../clients/clients.ts';
import { EksDrError, gather } from '../kit/errors.ts';
import { kubernetesSecret } from '../resources/kubernetes-secret.ts';
import type { PlacedSecret } from './place-secrets.ts';

/** Throws one conflict with every secret that is there already and not of this run, so that people see them all before anything is approved. */
export async function refuseForeignSecrets(
  clients: Pick<Clients, 'kubernetes' | 'secrets'>,
  run: string,
  secrets: readonly PlacedSecret[],
): Promise<void> {
  const planned = await kubernetesSecret.plan(
    clients,
    secrets.map(({ resource }) => resource),
  );
  const conflicts = planned.flatMap(({ before, owner }, index) => {
    const placed = secrets[index];
    if (before === null || placed === undefined || (owner.kind === 'run' && owner.run === run)) return [];
    const target = kubernetesSecret.label(placed.resource.id);
    return [
      new EksDrError('conflict', {
        message: `The secret ${target} exists already and ${owner.kind === 'run' ? `belongs to run ${owner.run}` : 'was not made by EKS-DR'}.`,
        target,
        remedy: `Delete or rename that secret, choose another name in ${placed.path}, or exclude its namespace; then plan again.`,
      }),
    ];
  });
  if (conflicts.length > 0) throw gather(conflicts);
}
