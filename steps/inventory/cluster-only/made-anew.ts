import type { ListedMetadata } from '../../clients/kubernetes-pages.ts';
import type { Estate } from '../../estate/estate.ts';
import { secretsOf } from '../../namespaces/place-secrets.ts';

/** Types of Secrets that belong to something else: a service account, a Helm release, the start of a node, Istio's own authority. */
const FOREIGN_TYPES = [
  'kubernetes.io/service-account-token',
  'helm.sh/release.v1',
  'bootstrap.kubernetes.io/token',
  'istio.io/ca-root',
  'istio.io/key-and-cert',
];

/** Selects the Secrets that may be made by hand: metadata alone does not tell the type. */
export const OTHER_SECRETS = FOREIGN_TYPES.map((type) => `type!=${type}`).join(',');

/** Labels and annotations by which controllers mark what they make without owning it; they make it again from what Git holds. */
const MARKS = [
  'cert-manager.io/certificate-name',
  'cert-manager.io/allow-direct-injection',
  'reconcile.external-secrets.io/managed',
  'reconcile.external-secrets.io/data-hash',
  'sealedsecrets.bitnami.com/managed',
  'reflector.v1.k8s.emberstack.com/reflects',
  // An election: nothing in it outlives the cluster.
  'control-plane.alpha.kubernetes.io/leader',
  // An EKS add-on.
  'eks.amazonaws.com/component',
];

/** ConfigMaps that every cluster, or Istio in every namespace, makes by itself. */
const BY_THEMSELVES = [
  '*/kube-root-ca.crt',
  '*/istio-ca-root-cert',
  '*/istio-ca-crl',
  'kube-public/cluster-info',
  'kube-system/amazon-vpc-cni',
  'kube-system/coredns',
  'kube-system/extension-apiserver-authentication',
  'kube-system/kube-apiserver-legacy-service-account-token-tracking',
  'kube-system/kube-proxy',
  'kube-system/kube-proxy-config',
];

/** Groups whose definitions come with EKS, or with an add-on that a recovery installs: load balancer controller, Karpenter, Istio. */
const GROUPS = [
  'crd.k8s.amazonaws.com',
  'networking.k8s.aws',
  'vpcresources.k8s.aws',
  'eks.amazonaws.com',
  'elbv2.k8s.aws',
  'aga.k8s.aws',
  'gateway.k8s.aws',
  'karpenter.sh',
  'karpenter.k8s.aws',
  'istio.io',
];

type Marked = Pick<ListedMetadata, 'namespace' | 'name' | 'labels' | 'annotations' | 'ownerReferences' | 'managedFields'>;

/** Whether something in the new cluster makes an object again: who owns it, who marked it, or the cluster. Not what people edited by hand. */
export function isMadeAnew(object: Marked): boolean {
  if (object.ownerReferences.length > 0) return true;
  if (object.managedFields.some(({ manager }) => /^kubectl-(edit|patch|replace)/.test(manager))) return false;
  const { namespace, name, labels, annotations } = object;
  if (MARKS.some((mark) => mark in labels || mark in annotations)) return true;
  return BY_THEMSELVES.includes(`*/${name}`) || BY_THEMSELVES.includes(`${namespace}/${name}`);
}

/** Of a definition by its name, `<plural>.<group>`. */
export function isOfAddon(definition: string): boolean {
  const group = definition.slice(definition.indexOf('.') + 1);
  return GROUPS.some((known) => group === known || group.endsWith(`.${known}`));
}

/** Whether prepare-namespaces brings a Secret, by what the estate says. */
export function isOfEstate(settings: Estate['namespaces'], { namespace, name }: Pick<Marked, 'namespace' | 'name'>): boolean {
  return secretsOf(settings).some(
    (secret) =>
      secret.name === name && (secret.namespaces === 'all' ? !settings.exclude.includes(namespace) : secret.namespaces.includes(namespace)),
  );
}
