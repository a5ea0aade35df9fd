import { PART_NAMES, type PartName } from './part.ts';
import { isAlive } from './process.ts';
import { readState, type State } from './state.ts';

/** A kube-apiserver with controller manager, scheduler and KWOK's nodes. */
export interface KubernetesServer {
  readonly url: string;
  /** PEM. */
  readonly ca: string;
  /** Of a user in system:masters. */
  readonly adminToken: string;
  /** Path of a kubeconfig with that token. */
  readonly kubeconfig: string;
  /** The EKS cluster in `ministackAuth` whose access entries say who may log in with a `k8s-aws-v1.` token. */
  readonly eks: { readonly cluster: string; readonly region: string };
}

/** Argo CD outside of a cluster; its settings, Applications and projects lie in `argocd` of the primary cluster. */
export interface ArgocdServer {
  readonly url: string;
  /** PEM. */
  readonly ca?: string;
  /** The admin's. */
  readonly token: string;
  readonly adminPassword: string;
  /** Every bare repository `<folder>/<name>.git` is served, to read and to push, at `<url>/<name>.git`. */
  readonly git: { readonly url: string; readonly folder: string };
}

/** What runs now, and what doesn't with its reason. All on 127.0.0.1. */
export interface Running {
  readonly ministack?: { readonly url: string };
  /** Verifies signatures and enforces policies; the credentials are those of its root user. */
  readonly ministackAuth?: { readonly url: string; readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly moto?: { readonly url: string };
  readonly kubernetes?: { readonly primary: KubernetesServer; readonly recovery: KubernetesServer };
  readonly argocd?: ArgocdServer;
  /** The root token of an unsealed server. */
  readonly openbao?: { readonly url: string; readonly token: string };
  /** Server -> reason in a sentence. */
  readonly missing: Readonly<Record<string, string>>;
}

/** What runs now, or null when nothing was started. A part of which a process has died is missing. */
export async function runningServers(): Promise<Running | null> {
  const state = await readState();
  return state === null ? null : withoutTheDead(state);
}

async function withoutTheDead(state: State): Promise<Running> {
  const found: Record<string, unknown> = {};
  const missing: Record<string, string> = { ...state.running.missing };
  for (const part of PART_NAMES) {
    if (state.running[part] === undefined) continue;
    const dead = await deadOf(state, part);
    if (dead.length === 0) found[part] = state.running[part];
    else missing[part] = `${dead.join(', ')} no longer runs: npm run servers -- up.`;
  }
  return { ...found, missing };
}

async function deadOf(state: State, part: PartName): Promise<string[]> {
  const names = Object.keys(state.processes).filter((name) => state.processes[name]?.part === part);
  const alive = await Promise.all(
    names.map(async (name) => {
      const recorded = state.processes[name];
      return recorded !== undefined && (await isAlive(recorded));
    }),
  );
  return names.filter((_, index) => alive[index] === false);
}
