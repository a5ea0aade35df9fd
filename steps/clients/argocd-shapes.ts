import * as z from 'zod';

const labels = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => value ?? {});
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

/**
 * `GET /api/v1/clusters`. The server never gives back tokens, keys, nor the arguments and environment of an exec provider; since 3.5 neither
 * the certificate authority nor anything else of an exec provider. Source: `Cluster.Sanitized` in its types.go.
 */
export const argoCluster = z.object({
  name: text,
  server: z.string().min(1),
  labels,
  annotations: labels,
  project: text,
  config: z
    .object({
      tlsClientConfig: z.object({ caData: text, insecure: z.boolean().nullish() }).nullish(),
      awsAuthConfig: z.object({}).nullish(),
      execProviderConfig: z.object({ command: text }).nullish(),
    })
    .nullish(),
  connectionState: z.object({ status: text, message: text }).nullish(),
  info: z.object({ connectionState: z.object({ status: text, message: text }).nullish(), serverVersion: z.string().nullish() }).nullish(),
});

const metadata = z.object({
  name: z.string().min(1),
  namespace: text,
  labels,
  annotations: labels,
  resourceVersion: text,
  finalizers: z
    .array(z.string())
    .nullish()
    .transform((value) => value ?? []),
  deletionTimestamp: z.string().nullish(),
  ownerReferences: z.array(z.object({ kind: z.string(), name: z.string() })).nullish(),
});

/**
 * `GET /api/v1/repositories`: those that the token may see, each with what came of the last try to reach it. Credentials are never given
 * back. Source: `Repository.Sanitized` and `prepareRepoList` of the server.
 */
export const argoRepository = z.object({
  repo: z.string().min(1),
  type: text,
  name: text,
  project: text,
  connectionState: z.object({ status: text, message: text }).nullish(),
});

const projectDestination = z.object({
  server: z.string().optional(),
  name: z.string().optional(),
  namespace: z.string().optional(),
});

/** An AppProject. The parts of `spec` that nobody here reads are carried along as they are. */
export const argoProject = z.looseObject({
  metadata: metadata.loose(),
  spec: z.looseObject({
    destinations: z
      .array(projectDestination.loose())
      .nullish()
      .transform((value) => value ?? []),
  }),
});

const argoDestination = z.looseObject({
  name: z.string().optional(),
  server: z.string().optional(),
  namespace: z.string().optional(),
});

const revisions = { revision: z.string().nullish(), revisions: z.array(z.string()).nullish() };

/** An Application. Unknown parts of `spec` are kept, unknown parts of `status` are dropped. */
export const argoApplication = z.object({
  metadata,
  spec: z.looseObject({
    project: z.string().default('default'),
    destination: argoDestination.default({}),
    source: z.record(z.string(), z.json()).optional(),
    sources: z.array(z.record(z.string(), z.json())).optional(),
    syncPolicy: z.record(z.string(), z.json()).nullish(),
  }),
  /** Present while an operation is asked for or runs. */
  operation: z.record(z.string(), z.json()).nullish(),
  status: z
    .object({
      sync: z.object({ status: text, ...revisions }).nullish(),
      health: z.object({ status: text, message: z.string().nullish() }).nullish(),
      operationState: z
        .object({
          phase: text,
          message: z.string().nullish(),
          finishedAt: z.string().nullish(),
          syncResult: z.object(revisions).nullish(),
        })
        .nullish(),
      /** Helm, Kustomize, Directory or Plugin, as the repo server found it; one for each of `sources` in `sourceTypes`. */
      sourceType: z.string().nullish(),
      sourceTypes: z.array(z.string()).nullish(),
      /** The images of the objects that it deployed. */
      summary: z.object({ images: z.array(z.string()).nullish() }).nullish(),
      reconciledAt: z.string().nullish(),
      conditions: z.array(z.object({ type: z.string(), message: text })).nullish(),
      resources: z
        .array(
          z.object({
            group: z.string().optional(),
            kind: z.string(),
            namespace: z.string().optional(),
            name: z.string(),
            status: z.string().optional(),
            health: z.object({ status: text, message: z.string().nullish() }).nullish(),
            /** It is in the cluster, and no longer in the sources. */
            requiresPruning: z.boolean().optional(),
          }),
        )
        .nullish(),
    })
    .nullish(),
});

/** An ApplicationSet, as far as it says for which clusters it makes applications. */
export const argoApplicationSet = z.object({
  metadata: z.object({ name: z.string().min(1) }),
  spec: z.object({
    generators: z
      .array(z.json())
      .nullish()
      .transform((value) => value ?? []),
  }),
});

export type ArgoApplicationSet = z.infer<typeof argoApplicationSet>;
export type ArgoCluster = z.infer<typeof argoCluster>;
export type ArgoRepository = z.infer<typeof argoRepository>;
export type ArgoProject = z.infer<typeof argoProject>;
export type ProjectDestination = z.infer<typeof projectDestination>;
export type ArgoApplication = z.infer<typeof argoApplication>;
export type ArgoDestination = z.infer<typeof argoDestination>;

/** What the server answers to a change of an application or a project: the thing itself. */
export const argoNamed = z.object({ metadata: z.object({ name: z.string().min(1) }) });

/** The same, of a cluster. */
export const argoServer = z.object({ server: z.string().min(1) });

/** A list answer; the server writes `null` for none, and never leaves the list out. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z
      .array(item)
      .nullable()
      .transform((value) => value ?? []),
  });
}
