import type { Addon } from '../../steps/addons/addon.ts';
import { roleAnnotations } from '../../steps/addons/controller-role.ts';
import { furtherAddon, inOrder } from '../../steps/addons/further.ts';
import { loadBalancerControllerAddon } from '../../steps/addons/load-balancer-controller.ts';
import { vaultInjectorAddon } from '../../steps/addons/vault-injector.ts';
import { deployKarpenter } from '../../steps/deploy-karpenter.ts';
import { addons as addonsSchema } from '../../steps/estate/addons.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import { installAddons } from '../../steps/install-addons.ts';
import { installIstio } from '../../steps/install-istio.ts';
import { installLoadBalancerController } from '../../steps/install-load-balancer-controller.ts';
import { installVaultInjector } from '../../steps/install-vault-injector.ts';
import { istioAddons } from '../../steps/istio/addons.ts';
import { karpenterAddons } from '../../steps/karpenter/addons.ts';
import { recoveryClusterName } from '../../steps/naming.ts';
import { mountOf } from '../../steps/vault/mount.ts';
import { placeholderFor } from './unknown-facts.ts';

/** An add-on as it will be installed, as far as it can be known without a cluster. */
export interface ListedAddon {
  readonly addon: Addon;
  /** The id of the step that installs it. */
  readonly step: string;
  /** The same if the estate wanted it and said no more about add-ons; null for those that are the estate's own. */
  readonly ours: Addon | null;
}

/** What is known of the place before there is one. */
export interface Place {
  readonly region: string;
  /** Null where the estate has no Vault. */
  readonly vaultAddress: string | null;
}

/** Every add-on of the estate, in the order of the steps that install them. What is not known stands as a placeholder in its values. */
export async function listAddons(estate: Estate, place: Place): Promise<ListedAddon[]> {
  const [all, plain] = await Promise.all([addonsOf(estate, place), addonsOf({ ...estate, addons: unadorned(estate.addons) }, place)]);
  const ours = new Map(plain.map(({ addon }) => [addon.name, addon]));
  return all.map(({ addon, step }) => ({ addon, step, ours: ours.get(addon.name) ?? null }));
}

type Placed = Omit<ListedAddon, 'ours'>;

async function addonsOf(estate: Estate, { region, vaultAddress }: Place): Promise<Placed[]> {
  const { loadBalancerController, karpenter, istio, vaultInjector, others } = estate.addons;
  const run = { id: placeholderFor('run') };
  const cluster = recoveryClusterName(estate, run);
  const placed: Placed[] = [];
  const add = (step: { readonly id: string }, addons: readonly Addon[]): void => {
    placed.push(...addons.map((addon) => ({ addon, step: step.id })));
  };
  if (loadBalancerController !== undefined) {
    const facts = { cluster, region, vpcId: placeholderFor('vpcId'), serviceAccountAnnotations: annotationsOf(loadBalancerController) };
    add(installLoadBalancerController, [await loadBalancerControllerAddon(loadBalancerController, facts)]);
  }
  if (karpenter !== undefined) {
    const { definitions, controller } = await karpenterAddons(karpenter, {
      cluster,
      region,
      endpoint: placeholderFor('endpoint'),
      replicas: placeholderFor('replicas'),
      queue: karpenter.interruptionQueueOutput === undefined ? null : placeholderFor('queue'),
      serviceAccountAnnotations: annotationsOf(karpenter),
    });
    add(deployKarpenter, [definitions, controller]);
  }
  if (vaultInjector !== undefined && estate.vault !== undefined && vaultAddress !== null) {
    const vault = { address: vaultAddress, mount: mountOf(estate.vault, cluster) };
    add(installVaultInjector, [await vaultInjectorAddon(vaultInjector, estate, vault)]);
  }
  if (istio !== undefined) {
    const { base, istiod, gateway } = await istioAddons(istio, run);
    add(installIstio, [base, istiod, gateway]);
  }
  add(installAddons, inOrder(others).flat().map(furtherAddon));
  return placed;
}

function annotationsOf({ identity, roleArn }: NonNullable<Estate['addons']['loadBalancerController' | 'karpenter']>) {
  return roleAnnotations(identity, roleArn ?? placeholderFor('roleArn'));
}

/** The same add-ons of ours, with nothing said about any of them. */
function unadorned(addons: Estate['addons']): Estate['addons'] {
  const ours = ['loadBalancerController', 'karpenter', 'istio', 'vaultInjector'] as const;
  return addonsSchema.parse(Object.fromEntries(ours.filter((name) => addons[name] !== undefined).map((name) => [name, {}])));
}
