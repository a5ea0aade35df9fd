import { statusWith } from '../conditions.ts';
import { at, isFields, type KubeObject, listAt, stringsAt, textAt } from '../object.ts';
import { all, type Context, find, put, remove } from '../store.ts';
import { mintServiceAccountToken } from '../tokens.ts';
import { writeRootCa } from './namespaces.ts';

const encode = (text: string): string => Buffer.from(text).toString('base64');

/** Fills in a Secret of type kubernetes.io/service-account-token; without its ServiceAccount the Secret goes. */
export function fillToken(context: Context, key: string): void {
  const { cluster } = context;
  const secret = find(cluster, 'core/secrets', key);
  if (secret === undefined || secret.type !== 'kubernetes.io/service-account-token') return;
  const { namespace = 'default', name } = secret.metadata;
  const account = secret.metadata.annotations?.['kubernetes.io/service-account.name'];
  const owner = account === undefined ? undefined : find(cluster, 'core/serviceaccounts', `${namespace}/${account}`);
  if (account === undefined || owner?.metadata.uid === undefined) {
    remove(context, 'core/secrets', key);
    return;
  }
  const data = stringsAt(secret, 'data');
  const token = data.token ?? encode(mintServiceAccountToken(cluster, { namespace, account, uid: owner.metadata.uid, secret: name }));
  const annotations = { ...secret.metadata.annotations, 'kubernetes.io/service-account.uid': owner.metadata.uid };
  put(context, 'core/secrets', {
    ...secret,
    metadata: { ...secret.metadata, annotations },
    data: { ...data, token, namespace: encode(namespace), 'ca.crt': encode(cluster.ca) },
  });
}

/** A custom resource definition is served once its names are accepted. */
export function establish(context: Context, name: string): void {
  const resource = 'apiextensions.k8s.io/customresourcedefinitions';
  const definition = find(context.cluster, resource, name);
  if (definition === undefined) return;
  const status = statusWith(
    definition,
    context.now,
    [
      { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
      { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message: 'the initial names have been accepted' },
    ],
    {
      acceptedNames: at(definition, 'spec', 'names'),
      storedVersions: listAt(definition, 'spec', 'versions')
        .filter((each) => at(each, 'storage') === true)
        .map((each) => at(each, 'name')),
    },
  );
  put(context, resource, { ...definition, status });
}

/** Claims are bound by the storage driver. */
export function bindClaim(context: Context, key: string): void {
  const claim = find(context.cluster, 'core/persistentvolumeclaims', key);
  if (claim === undefined || textAt(claim, 'status', 'phase') === 'Bound') return;
  const spec = isFields(claim.spec) ? claim.spec : {};
  const status = {
    phase: 'Bound',
    accessModes: listAt(claim, 'spec', 'accessModes'),
    capacity: at(claim, 'spec', 'resources', 'requests') ?? {},
  };
  put(context, 'core/persistentvolumeclaims', { ...claim, spec: { ...spec, volumeName: `pvc-${claim.metadata.uid}` }, status });
}

/** A world that was saved comes back behind another listener: what holds its CA is written again. */
export function spreadCa(context: Context): void {
  const { cluster } = context;
  for (const namespace of all(cluster, 'core/namespaces')) {
    if (find(cluster, 'core/configmaps', `${namespace.metadata.name}/kube-root-ca.crt`) !== undefined)
      writeRootCa(context, namespace.metadata.name);
  }
  for (const secret of all(cluster, 'core/secrets'))
    if (hasToken(secret)) fillToken(context, `${secret.metadata.namespace}/${secret.metadata.name}`);
}

function hasToken(secret: KubeObject): boolean {
  return secret.type === 'kubernetes.io/service-account-token' && textAt(secret, 'data', 'token') !== undefined;
}
