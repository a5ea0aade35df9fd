import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, single, type Write } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { isJsonObject, type Json } from '../kit/json.ts';
import { type Secrets, secretField } from '../kit/secrets.ts';
import { FIELD_MANAGER, RUN_LABEL } from '../naming.ts';
import { type ObjectVersion, observe, readObjects } from './kubernetes-reading.ts';

const id = z.strictObject({ region: z.string(), cluster: z.string(), namespace: z.string(), name: z.string() });

const state = z.strictObject({
  /** Such as Opaque; '' where another manager set it. */
  type: z.string(),
  /** The labels we set, the run label among them. */
  labels: z.record(z.string(), z.string()),
  data: z.record(z.string(), secretField),
});

type Id = z.infer<typeof id>;
type State = z.infer<typeof state>;
type SecretClients = Pick<Clients, 'kubernetes' | 'secrets'>;

/** A Kubernetes Secret that this run makes. Its values go from their source to the API server and nowhere else. */
export const kubernetesSecret = defineDriver<Id, State, SecretClients>({
  kind: 'kubernetes.secret',
  withoutCluster: 'gone',
  noun: 'Kubernetes secret',
  compareAndSwap: { cas: 'yes', by: 'resourceVersion and uid; a secret of another run is never taken over' },
  permissions: { read: ['get secrets', 'list secrets'], write: ['create secrets', 'patch secrets', 'delete secrets'] },
  concurrency: 12,
  visibleWithinSeconds: 60,
  id,
  state,
  label: ({ cluster, namespace, name }) => `${namespace}/${name} on ${cluster}`,
  async read(clients, ids) {
    const found = await readObjects(
      clients,
      ids.map((at) => ({ ...at, apiVersion: 'v1', kind: 'Secret' })),
    );
    // A secret without our label is somebody else's, whoever's the cluster is.
    return found.map((one) => observe(one, (_object, owned) => stateOf(owned, clients.secrets), true));
  },
  write: single(writeOne),
});

function stateOf(owned: Json, secrets: Secrets): State {
  const { type, metadata, data } = record(owned);
  return {
    type: typeof type === 'string' ? type : '',
    labels: Object.fromEntries(Object.entries(record(record(metadata).labels)).map(([key, value]) => [key, String(value)])),
    data: Object.fromEntries(
      Object.entries(record(data)).map(([key, value]) => [
        key,
        { ref: null, mac: secrets.mac(Buffer.from(String(value), 'base64').toString()) },
      ]),
    ),
  };
}

async function writeOne(clients: SecretClients, { id: at, after, observed }: Write<Id, State>): Promise<void> {
  const kubernetes = await clients.kubernetes(at);
  const version = observed.version as ObjectVersion | undefined;
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: at.namespace, name: at.name };
  if (after === null) {
    await kubernetes.delete(ref, version === undefined ? undefined : { uid: version.uid, resourceVersion: version.resourceVersion });
    return;
  }
  if (version !== undefined && version.run !== after.labels[RUN_LABEL]) throw notOurs(at, version.run);
  const values = await Promise.all(
    Object.entries(after.data).map(async ([key, { ref: source }]) => [
      key,
      Buffer.from(await resolved(clients.secrets, at, key, source)).toString('base64'),
    ]),
  );
  await kubernetes.apply(
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: at.name,
        namespace: at.namespace,
        labels: after.labels,
        ...(version === undefined ? {} : { uid: version.uid, resourceVersion: version.resourceVersion }),
      },
      type: after.type,
      data: Object.fromEntries(values),
    },
    { fieldManager: FIELD_MANAGER },
  );
}

async function resolved(secrets: Secrets, at: Id, key: string, source: string | null): Promise<string> {
  if (source !== null) return secrets.value(source);
  throw new EksDrError('environment-missing', {
    message: `The value ${key} of the secret ${at.namespace}/${at.name} is not known here, so it can't be written.`,
    target: `${at.namespace}/${at.name}`,
    remedy: 'Write this secret by hand from its source, then plan again.',
  });
}

function notOurs(at: Id, run: string | null): EksDrError {
  const target = `Secret ${at.namespace}/${at.name} on ${at.cluster}`;
  return new EksDrError('conflict', {
    message: `${target} exists already and ${run === null ? 'was not made by EKS-DR' : `belongs to run ${run}`}; it was left as it is.`,
    target,
    remedy: 'Delete or rename that secret, or take its namespace out with namespaces.exclude; then plan again.',
  });
}

function record(value: Json | undefined): Readonly<Record<string, Json>> {
  return value !== undefined && isJsonObject(value) ? value : {};
}
