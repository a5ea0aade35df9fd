import type { Clients, ClusterRef } from '../../../steps/clients/clients.ts';
import type { StackRef } from '../../../steps/clients/terraform-types.ts';
import type { ArgoCd } from '../subjects/argocd/argocd.ts';

/** Our clients, connected to a sandbox or to a referee, and places of the run's own in it. */
export interface LawWorld {
  readonly clients: Clients;
  /** The id of the run whose everything is. */
  readonly run: string;
  /** An EKS cluster that carries the run's tag. */
  newEksCluster(): Promise<ClusterRef>;
  /** The ARN of a role without an access entry. */
  newRole(): Promise<string>;
  /** A hosted zone that carries the run's tag: its id and its name. */
  newZone(): Promise<{ readonly zone: string; readonly name: string }>;
  /** A cluster whose API answers; it carries the run's tag. */
  readonly cluster: ClusterRef;
  readonly argocd: ArgoCd;
  /** What may register a cluster with Argo CD: two addresses of one cluster, its CA as EKS gives it, and how Argo CD logs in there. */
  newRegistration(): Promise<{
    readonly servers: readonly [string, string];
    readonly ca: string;
    readonly authentication: { readonly cluster: string; readonly region: string; readonly roleArn: string };
  }>;
  /** A project in GitLab with a protected branch `main`, and a user to review what is merged there. */
  readonly gitlab: { readonly project: string; readonly reviewer: string };
  /** A Terraform stack that is yet to be made. */
  readonly stack: StackRef;
  /** One after the other. */
  inTurn(work: () => Promise<void>): Promise<void>;
  /** Locks the state of the stack as a process of this run that has died since. */
  lockStack(): Promise<string>;
  /** One of each thing that a controller of this cluster left; their ids, by the kind of the driver that deletes them. */
  leftovers(cluster: ClusterRef): Promise<Readonly<Record<string, string>>>;
  /** Gives the stack a state with one tainted object, which is gone: its address. */
  taintStack(): Promise<string>;
}

/** The parts that a referee serves; the others throw as soon as a case asks for them. */
export function worldOf(parts: Partial<LawWorld> & Pick<LawWorld, 'clients' | 'run'>): LawWorld {
  return new Proxy(parts as LawWorld, {
    get(target, name) {
      if (name in target) return target[name as keyof LawWorld];
      throw new Error(`this referee does not serve ${String(name)}`);
    },
  });
}
