import { stamp } from '../ids.ts';
import { type KubeObject, numberAt, textAt } from '../object.ts';
import { type Context, find, put } from '../store.ts';

/** Tells in an event of type Warning what went wrong with an object. The same reason again counts up, as recorders do it. */
export function warnOf(context: Context, about: KubeObject, reason: string, message: string): void {
  const { kind, apiVersion, metadata } = about;
  const { name, namespace = 'default', uid = '' } = metadata;
  const event = `${name}.${reason.toLowerCase()}`;
  const before = find(context.cluster, 'core/events', `${namespace}/${event}`);
  put(context, 'core/events', {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: event, namespace },
    involvedObject: { apiVersion, kind, name, namespace, uid },
    type: 'Warning',
    reason,
    message,
    count: (numberAt(before, 'count') ?? 0) + 1,
    firstTimestamp: textAt(before, 'firstTimestamp') ?? stamp(context.now),
    lastTimestamp: stamp(context.now),
  });
}
