import type { Clients } from '../clients/clients.ts';
import type { Estate } from '../estate/estate.ts';
import { iamOidcProvider } from '../resources/iam-oidc-provider.ts';
import type { Decision } from './decide.ts';

/**
 * Whether this run shall make the OIDC provider of the new cluster: something goes by IRSA there, and nobody else has made it, such as
 * the Terraform module of the cluster.
 */
export async function needsProvider(
  clients: Pick<Clients, 'iam'>,
  of: { readonly oidcIssuer: string; readonly run: string; readonly addons: Estate['addons']; readonly decision: Decision },
): Promise<boolean> {
  const { oidcIssuer, run, addons, decision } = of;
  const controllers = [addons.loadBalancerController, addons.karpenter];
  const isUsed = decision.trusted.length > 0 || controllers.some((controller) => controller?.identity === 'irsa');
  if (!isUsed) return false;
  const [planned] = await iamOidcProvider.plan(clients, [iamOidcProvider.resource({ issuer: oidcIssuer }, null)]);
  if (planned === undefined || planned.before === null) return true;
  return planned.owner.kind === 'run' && planned.owner.run === run;
}
