import { conditionOf } from './conditions.ts';
import { at, type KubeObject, listAt, numberAt, textAt } from './object.ts';

export type Health = 'Healthy' | 'Progressing' | 'Degraded' | 'Missing';

type Live = Exclude<Health, 'Missing'>;

const number = (object: KubeObject, ...path: string[]): number => numberAt(object, ...path) ?? 0;
const wanted = (object: KubeObject): number => numberAt(object, 'spec', 'replicas') ?? 1;

const observed = (object: KubeObject): boolean => number(object, 'status', 'observedGeneration') >= (object.metadata.generation ?? 1);

function deployment(object: KubeObject): Live {
  if (!observed(object)) return 'Progressing';
  if (conditionOf(object, 'Progressing')?.reason === 'ProgressDeadlineExceeded') return 'Degraded';
  const updated = number(object, 'status', 'updatedReplicas');
  if (updated < wanted(object) || number(object, 'status', 'replicas') > updated) return 'Progressing';
  return number(object, 'status', 'availableReplicas') < updated ? 'Progressing' : 'Healthy';
}

function statefulSet(object: KubeObject): Live {
  if (!observed(object) || number(object, 'status', 'readyReplicas') < wanted(object)) return 'Progressing';
  return number(object, 'status', 'updatedReplicas') < wanted(object) ? 'Progressing' : 'Healthy';
}

function daemonSet(object: KubeObject): Live {
  const desired = number(object, 'status', 'desiredNumberScheduled');
  if (!observed(object) || number(object, 'status', 'updatedNumberScheduled') < desired) return 'Progressing';
  return number(object, 'status', 'numberAvailable') < desired ? 'Progressing' : 'Healthy';
}

function pod(object: KubeObject): Live {
  const waiting = listAt(object, 'status', 'containerStatuses').map((status) => textAt(status, 'state', 'waiting', 'reason') ?? '');
  if (waiting.some((reason) => reason.endsWith('BackOff') || reason.endsWith('Error') || reason.startsWith('Err'))) return 'Degraded';
  const phase = textAt(object, 'status', 'phase');
  if (phase === 'Failed') return 'Degraded';
  if (phase === 'Succeeded') return 'Healthy';
  return conditionOf(object, 'Ready')?.status === 'True' ? 'Healthy' : 'Progressing';
}

function balanced(object: KubeObject): Live {
  return listAt(object, 'status', 'loadBalancer', 'ingress').length > 0 ? 'Healthy' : 'Progressing';
}

// The health checks of Argo CD's gitops-engine, for the types that it knows.
const checks: Readonly<Record<string, (object: KubeObject) => Live>> = {
  'apps/Deployment': deployment,
  'apps/StatefulSet': statefulSet,
  'apps/DaemonSet': daemonSet,
  'apps/ReplicaSet': (object) => (number(object, 'status', 'availableReplicas') < wanted(object) ? 'Progressing' : 'Healthy'),
  '/Pod': pod,
  '/Service': (object) => (at(object, 'spec', 'type') === 'LoadBalancer' ? balanced(object) : 'Healthy'),
  'networking.k8s.io/Ingress': balanced,
  '/PersistentVolumeClaim': (object) => (at(object, 'status', 'phase') === 'Bound' ? 'Healthy' : 'Progressing'),
  'batch/Job': (object) => {
    if (conditionOf(object, 'Failed')?.status === 'True') return 'Degraded';
    return conditionOf(object, 'Complete')?.status === 'True' || at(object, 'spec', 'suspend') === true ? 'Healthy' : 'Progressing';
  },
  'autoscaling/HorizontalPodAutoscaler': () => 'Healthy',
};

/** How Argo CD judges a live object. */
export function healthOfLive(object: KubeObject): Live {
  if (object.metadata.deletionTimestamp !== undefined) return 'Progressing';
  const [group = ''] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : [''];
  return checks[`${group}/${object.kind}`]?.(object) ?? 'Healthy';
}
