import { type Fields, isFields, type KubeObject, numberAt, stringsAt, textAt } from './object.ts';

/** An autoscaling/v1 Scale for a workload. */
export function scaleOf(object: KubeObject): Fields {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = Object.entries(stringsAt(object, 'spec', 'selector', 'matchLabels')).map(([key, value]) => `${key}=${value}`);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: numberAt(object, 'spec', 'replicas') ?? 1 },
    status: { replicas: numberAt(object, 'status', 'replicas') ?? 0, selector: selector.join(',') },
  };
}

/** The workload with the replicas of a changed Scale, and with its resourceVersion where it names one: that is a precondition. */
export function withScale(object: KubeObject, scale: unknown): KubeObject {
  const spec = isFields(object.spec) ? object.spec : {};
  const version = textAt(scale, 'metadata', 'resourceVersion');
  const metadata = version === undefined || version === '' ? object.metadata : { ...object.metadata, resourceVersion: version };
  return { ...object, metadata, spec: { ...spec, replicas: numberAt(scale, 'spec', 'replicas') ?? 0 } };
}
