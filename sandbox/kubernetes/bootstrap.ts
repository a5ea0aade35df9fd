import type { Fields, KubeObject } from './object.ts';
import { resourceOf } from './resources.ts';
import { type Context, put } from './store.ts';

const standardNamespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

const everything = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };
const read = ['get', 'list', 'watch'];
const change = [...read, 'create', 'delete', 'deletecollection', 'patch', 'update'];

// What the role may touch in namespaces; roles and bindings are for `admin` alone.
const viewable = [
  {
    apiGroups: [''],
    resources: [
      'configmaps',
      'endpoints',
      'events',
      'limitranges',
      'namespaces',
      'persistentvolumeclaims',
      'pods',
      'pods/log',
      'pods/status',
      'resourcequotas',
      'serviceaccounts',
      'services',
    ],
  },
  { apiGroups: ['apps', 'batch', 'autoscaling', 'policy', 'discovery.k8s.io'], resources: ['*'] },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'networkpolicies'] },
];

type Rules = readonly {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly verbs: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}[];

const viewRules: Rules = viewable.map((rule) => ({ ...rule, verbs: read }));
const editRules: Rules = [
  ...viewable.map((rule) => ({ ...rule, verbs: change })),
  { apiGroups: [''], resources: ['secrets', 'serviceaccounts/token'], verbs: change },
];
const adminRules: Rules = [...editRules, { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'rolebindings'], verbs: change }];
const reviewRules: Rules = [
  { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
  { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
];

/** The ClusterRoles that every cluster has, as far as the sandbox knows them. */
export const defaultClusterRoles: Readonly<Record<string, Rules>> = {
  'cluster-admin': [everything, { nonResourceURLs: ['*'], verbs: ['*'] }],
  admin: adminRules,
  edit: editRules,
  view: viewRules,
  'system:auth-delegator': reviewRules,
};

function make(context: Context, group: string, plural: string, object: KubeObject): void {
  put(context, resourceOf({ group, plural }), object);
}

/** What a new control plane comes with. */
export function bootstrap(context: Context): void {
  for (const name of standardNamespaces) {
    make(context, '', 'namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  }
  const rbac = 'rbac.authorization.k8s.io';
  for (const [name, rules] of Object.entries(defaultClusterRoles)) {
    make(context, rbac, 'clusterroles', { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name }, rules });
  }
  make(context, rbac, 'clusterrolebindings', {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'cluster-admin' },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ apiGroup: rbac, kind: 'Group', name: 'system:masters' }],
  });
  make(context, 'storage.k8s.io', 'storageclasses', {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'gp2' },
    provisioner: 'kubernetes.io/aws-ebs',
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
  make(context, '', 'services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      type: 'ClusterIP',
      clusterIP: '172.20.0.1',
      clusterIPs: ['172.20.0.1'],
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 443 }],
    },
    status: { loadBalancer: {} },
  });
}

export function podTemplate(labels: Record<string, string>, image: string, serviceAccountName: string): Fields {
  return {
    metadata: { labels },
    spec: {
      serviceAccountName,
      containers: [{ name: labels['k8s-app'] ?? 'main', image, imagePullPolicy: 'IfNotPresent', resources: {} }],
      restartPolicy: 'Always',
    },
  };
}
