import type { World } from '../world.ts';
import { podTemplate } from './bootstrap.ts';
import { isTrue } from './conditions.ts';
import { type KubeObject, numberAt } from './object.ts';
import { type ClusterKey, clusterKey } from './state.ts';
import { type Context, find, put, remove } from './store.ts';

interface AddonObjects {
  readonly workload: 'deployments' | 'daemonsets';
  readonly name: string;
  readonly label: string;
}

const addons: Readonly<Record<string, AddonObjects>> = {
  coredns: { workload: 'deployments', name: 'coredns', label: 'kube-dns' },
  'kube-proxy': { workload: 'daemonsets', name: 'kube-proxy', label: 'kube-proxy' },
  'vpc-cni': { workload: 'daemonsets', name: 'aws-node', label: 'aws-node' },
  'eks-pod-identity-agent': { workload: 'daemonsets', name: 'eks-pod-identity-agent', label: 'eks-pod-identity-agent' },
  'aws-ebs-csi-driver': { workload: 'deployments', name: 'ebs-csi-controller', label: 'ebs-csi-controller' },
  'metrics-server': { workload: 'deployments', name: 'metrics-server', label: 'metrics-server' },
};

/** The add-ons that EKS installs unmanaged unless bootstrapSelfManagedAddons is false. */
export const selfManagedAddons: readonly string[] = ['coredns', 'kube-proxy', 'vpc-cni'];

/** Puts an add-on's objects into a cluster; those that are there already stay as they are. */
export function installAddon(world: World, ref: ClusterKey, addon: string, now: number): void {
  const cluster = world.kubernetes.clusters[clusterKey(ref)];
  if (cluster !== undefined) writeAddon({ world, cluster, now }, addon);
}

export function writeAddon(context: Context, addon: string): void {
  const objects = addons[addon];
  if (objects === undefined) return;
  const { workload, name, label } = objects;
  const labels = { 'k8s-app': label };
  const metadata = { name, namespace: 'kube-system', labels };
  const account: KubeObject = { apiVersion: 'v1', kind: 'ServiceAccount', metadata };
  if (find(context.cluster, 'core/serviceaccounts', `kube-system/${name}`) === undefined) put(context, 'core/serviceaccounts', account);
  if (find(context.cluster, `apps/${workload}`, `kube-system/${name}`) === undefined) {
    put(context, `apps/${workload}`, {
      apiVersion: 'apps/v1',
      kind: workload === 'deployments' ? 'Deployment' : 'DaemonSet',
      metadata: { ...metadata, generation: 1 },
      spec: {
        ...(workload === 'deployments' ? { replicas: 2, progressDeadlineSeconds: 600, strategy: { type: 'RollingUpdate' } } : {}),
        selector: { matchLabels: labels },
        template: podTemplate(labels, `602401143452.dkr.ecr.${context.cluster.region}.amazonaws.com/eks/${name}:v1`, name),
      },
    });
  }
  if (addon === 'coredns') writeDnsService(context, labels);
}

function writeDnsService(context: Context, labels: Record<string, string>): void {
  if (find(context.cluster, 'core/services', 'kube-system/kube-dns') !== undefined) return;
  put(context, 'core/services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kube-dns', namespace: 'kube-system', labels },
    spec: {
      type: 'ClusterIP',
      clusterIP: '172.20.0.10',
      clusterIPs: ['172.20.0.10'],
      selector: labels,
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
        { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
      ],
    },
    status: { loadBalancer: {} },
  });
}

/** Whether an add-on's pods run as wanted: daemon sets also do where there is no node. */
export function isAddonAvailable(world: World, ref: ClusterKey, addon: string): boolean {
  const cluster = world.kubernetes.clusters[clusterKey(ref)];
  const objects = addons[addon];
  if (cluster === undefined || objects === undefined) return false;
  const workload = find(cluster, `apps/${objects.workload}`, `kube-system/${objects.name}`);
  if (workload === undefined) return false;
  if (objects.workload === 'deployments') return isTrue(workload, 'Available');
  return (numberAt(workload, 'status', 'numberReady') ?? 0) >= (numberAt(workload, 'status', 'desiredNumberScheduled') ?? 0);
}

export function removeAddon(world: World, ref: ClusterKey, addon: string, now: number): void {
  const cluster = world.kubernetes.clusters[clusterKey(ref)];
  const objects = addons[addon];
  if (cluster === undefined || objects === undefined) return;
  const context = { world, cluster, now };
  remove(context, `apps/${objects.workload}`, `kube-system/${objects.name}`);
  remove(context, 'core/serviceaccounts', `kube-system/${objects.name}`);
  if (addon === 'coredns') remove(context, 'core/services', 'kube-system/kube-dns');
}
