import type { KubernetesMetadata, KubernetesObject } from '../clients/kubernetes.ts';

/** What of a pod, and of the events about it, tells why it does not run. Source: PodStatus and Event of the Kubernetes API. */
export interface PodShape {
  readonly metadata: KubernetesMetadata & {
    readonly creationTimestamp?: string;
    readonly ownerReferences?: readonly OwnerShape[];
  };
  readonly spec?: { readonly initContainers?: readonly { readonly name: string; readonly restartPolicy?: string }[] };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
    readonly initContainerStatuses?: readonly ContainerShape[];
    readonly containerStatuses?: readonly ContainerShape[];
  };
}

export interface OwnerShape {
  readonly kind: string;
  readonly name: string;
  readonly controller?: boolean;
}

export interface ContainerShape {
  readonly name: string;
  readonly image?: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

interface ContainerState {
  readonly running?: object;
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly terminated?: { readonly exitCode?: number; readonly signal?: number; readonly reason?: string; readonly message?: string };
}

export interface EventShape {
  readonly involvedObject?: { readonly kind?: string; readonly namespace?: string; readonly name?: string };
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly lastObservedTime?: string | null } | null;
}

export function asPod(object: KubernetesObject): PodShape {
  return object as unknown as PodShape;
}

export function asEvent(object: KubernetesObject): EventShape {
  return object as unknown as EventShape;
}

/** When something was seen for the last time; '' where an event doesn't say. */
export function seenAt({ series, lastTimestamp, eventTime }: EventShape): string {
  return series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? '';
}
