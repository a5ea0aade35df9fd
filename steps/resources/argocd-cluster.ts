import * as z from 'zod';
import type { ArgoCluster, ArgoClusterSpec } from '../clients/argocd.ts';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, type Observed, single } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { canonicalJson } from '../kit/json.ts';
import { RUN_LABEL } from '../naming.ts';
import { labelledBy, ownerByLabel } from './argocd-owner.ts';

// The server gives back neither the certificate authority nor the exec provider, so both also stand, as JSON, in this annotation of the cluster.
const REGISTRATION_ANNOTATION = 'eks-dr/registration';
const PLUGIN = 'argocd-k8s-auth';

const id = z.strictObject({ name: z.string().min(1) });

const authentication = z.strictObject({
  /** The cluster's name in EKS. */
  cluster: z.string().min(1),
  region: z.string().min(1),
  /** The role by which Argo CD reaches the cluster. */
  roleArn: z.string().min(1),
});

const registration = z.strictObject({ ca: z.string(), authentication });

const state = z.strictObject({
  server: z.string().min(1),
  /** The certificate authority: PEM in Base64, as EKS gives it; '' where it can't be known. */
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
    if (live?.server === after.server) return argocd.updateCluster(spec);
    // Argo CD knows a cluster by its address: an update with another one would leave two clusters of this name.
    if (live !== undefined) await argocd.deleteCluster(name);
    await argocd.createCluster(spec);
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
      ...readRegistration(cluster),
      run: cluster.labels[RUN_LABEL] ?? null,
    },
    owner: ownerByLabel(`cluster ${name}`, cluster),
    version: cluster,
  };
}

/** By the annotation, unless what the server does show contradicts it: then somebody has edited the registration since. */
function readRegistration({ annotations, config }: ArgoCluster): Pick<State, 'ca' | 'authentication'> {
  const shownCa = config?.tlsClientConfig?.caData ?? '';
  const written = parseRegistration(annotations[REGISTRATION_ANNOTATION]);
  const command = config?.execProviderConfig?.command ?? PLUGIN;
  const isOurs = written !== null && (config?.awsAuthConfig ?? null) === null && command === PLUGIN;
  if (!isOurs) return { ca: shownCa, authentication: null };
  const isVerified = config?.tlsClientConfig?.insecure !== true;
  return { ca: isVerified ? shownCa || written.ca : '', authentication: written.authentication };
}

function parseRegistration(text: string | undefined): z.infer<typeof registration> | null {
  if (text === undefined) return null;
  try {
    return registration.safeParse(JSON.parse(text)).data ?? null;
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
    labels: labelledBy(run, live?.labels),
    annotations: { ...live?.annotations, [REGISTRATION_ANNOTATION]: canonicalJson({ ca, authentication: by }) },
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
