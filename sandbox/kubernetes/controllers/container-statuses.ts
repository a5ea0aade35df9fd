import { createHash } from 'node:crypto';
import { type Fields, isFields, type KubeObject, listAt } from '../object.ts';

/** The status of each container of a kind, by what it is doing. */
export function statuses(pod: KubeObject, of: 'containers' | 'initContainers', stateOf: (container: Fields) => Fields): Fields[] {
  return listAt(pod, 'spec', of)
    .filter(isFields)
    .map((container) => {
      const { restartCount = 0, lastState, ...state } = stateOf(container);
      const isRunning = 'running' in state;
      return {
        name: container.name,
        image: container.image,
        imageID: isRunning || 'terminated' in state ? pulled(String(container.image)) : '',
        ready: isRunning || (of === 'initContainers' && 'terminated' in state),
        started: isRunning,
        restartCount,
        state,
        ...(lastState === undefined ? {} : { lastState }),
      };
    });
}

/** The id that the kubelet gives for what it pulled: `repository@digest`. The same reference is the same content in the sandbox. */
function pulled(image: string): string {
  if (image.includes('@')) return image;
  const repository = image.replace(/:[^:/]*$/, '');
  return `${repository}@sha256:${createHash('sha256').update(image).digest('hex')}`;
}

/** All containers of a pod before the first of them starts. */
export function creating(pod: KubeObject): Fields {
  const [init] = listAt(pod, 'spec', 'initContainers');
  const waiting = { waiting: { reason: init === undefined ? 'ContainerCreating' : 'PodInitializing' } };
  return {
    ...(init === undefined ? {} : { initContainerStatuses: statuses(pod, 'initContainers', () => waiting) }),
    containerStatuses: statuses(pod, 'containers', () => waiting),
  };
}
