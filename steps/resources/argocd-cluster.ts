import * as z from 'zod';
import type { ArgoCluster, ArgoClusterSpec } from '../clients/argocd.ts';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, type Observed, single } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { canonicalJson } from '../kit/json.ts';
import { RUN_LABEL } from '../naming.ts';
import { ownerByLabel } from './argocd-owner.ts';

// The server never gives the arguments of an exec provider back, so they also stand, as JSON, in this annotation of the cluster.
const AUTHENTICATION_ANNOTATION = 'eks-dr/authentication';
const PLUGIN = 'argocd-k8s-auth';

const id = z.strictObject({ name: z.string().min(1) });

const authentication = z.strictObject({
  /** The cluster's name in EKS. */
  cluster: z.string().min(1),
  region: z.string().min(1),
  /** The role by which Argo CD reaches the cluster. */
  roleArn: z.string().min(1),
});

const state = z.strictObject({
  server: z.string().min(1),
  /** The certificate authority: PEM in Base64, as EKS gives it. */
  ca: z.string(),
  /** Null: the cluster is registered in some other way. */
  authentication: authentication.nullable(),
  run: z.string().nullable(),
});

type State = z.infer<typeof state>;
type C = Pick<Clients, 'argocd'>;

/**
 * A cluster registered with Argo CD, reached by an IAM role through the plugin that comes with Argo CD. It holds no secret.
 * `awsAuthConfig` won't do: it signs with the region Argo CD runs in. Argo CD calls the cluster before it accepts it.
 */
export const argocdCluster = defineDriver<z.infer<typeof id>, State, C>({
  kind: 'argocd.cluster',
  noun: 'Argo CD cluster',
  compareAndSwap: { cas: 'no', window: 'the moment between reading and writing: the clusters API takes no version' },
  permissions: {
    read: ['argocd: clusters, get, *'],
    write: ['argocd: clusters, create, *', 'argocd: clusters, update, *', 'argocd: clusters, delete, *'],
  },
  visibleWithinSeconds: 60,
  id,
  state,
  label: ({ name }) => name,

  async read(clients, ids) {
    const clusters = await (await clients.argocd()).listClusters();
    return ids.map(({ name }) => observe(name, clusters));
  },

  write: single(async (clients, { id: { name }, after, observed }) => {
    const argocd = await clients.argocd();
    if (after === null) return argocd.deleteCluster(name);
    const live = observed.version as ArgoCluster | undefined;
    const taken = (await argocd.listClusters()).find((cluster) => cluster.server === after.server && cluster.name !== name);
    if (taken !== undefined) throw ambiguous(after.server, [taken.name, name]);
    const spec = clusterSpec(name, after, live);
    await (observed.state === null ? argocd.createCluster(spec) : argocd.updateCluster(spec));
  }),
});

function observe(name: string, clusters: readonly ArgoCluster[]): Observed<State> {
  const named = clusters.filter((cluster) => cluster.name === name);
  const [cluster] = named;
  if (cluster === undefined) return { state: null, owner: { kind: 'nobody' } };
  if (named.length > 1) {
    throw new EksDrError('conflict', {
      message: `Argo CD knows ${named.length} clusters called ${name} (${named.map(({ server }) => server).join(', ')}), so a destination by name is ambiguous.`,
      target: name,
    });
  }
  const sharing = clusters.filter(({ server }) => server === cluster.server);
  if (sharing.length > 1)
    throw ambiguous(
      cluster.server,
      sharing.map((other) => other.name),
    );
  return {
    state: {
      server: cluster.server,
      ca: cluster.config?.tlsClientConfig?.caData ?? '',
      authentication: readAuthentication(cluster),
      run: cluster.labels[RUN_LABEL] ?? null,
    },
    owner: ownerByLabel(`cluster ${name}`, cluster),
    version: cluster,
  };
}

function readAuthentication(cluster: ArgoCluster): State['authentication'] {
  const text = cluster.annotations[AUTHENTICATION_ANNOTATION];
  if (text === undefined || cluster.config?.execProviderConfig?.command !== PLUGIN) return null;
  try {
    return authentication.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // Somebody edited the annotation: the state differs from ours, which is all that matters.
    return null;
  }
}

function clusterSpec(name: string, { server, ca, authentication: by, run }: State, live: ArgoCluster | undefined): ArgoClusterSpec {
  if (by === null) {
    throw new EksDrError('conflict', {
      message: `The cluster ${name} was registered in a way that cannot be restored (its credentials can't be read).`,
      target: name,
    });
  }
  return {
    name,
    server,
    labels: { ...live?.labels, ...(run === null ? {} : { [RUN_LABEL]: run }) },
    annotations: { ...live?.annotations, [AUTHENTICATION_ANNOTATION]: canonicalJson(by) },
    config: {
      tlsClientConfig: { insecure: false, caData: ca },
      execProviderConfig: {
        command: PLUGIN,
        args: ['aws', '--cluster-name', by.cluster, '--role-arn', by.roleArn],
        env: { AWS_REGION: by.region },
        apiVersion: 'client.authentication.k8s.io/v1beta1',
      },
    },
  };
}

function ambiguous(server: string, names: readonly string[]): EksDrError {
  return new EksDrError('conflict', {
    message: `Argo CD knows the address ${server} under several names (${names.join(', ')}): two registrations of one address are ambiguous.`,
    target: server,
    remedy: 'Remove the other registration from Argo CD, then plan again.',
  });
}
