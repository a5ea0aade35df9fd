import type { JsonObject } from '../kit/json.ts';

/** An application as Argo CD has it, as far as it says what somebody wants. */
interface LiveApplication {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly finalizers: readonly string[];
  };
  readonly spec: unknown;
}

/** Whose an application is: the ApplicationSet's that makes it, or the application's that deploys it (labels of both kinds of tracking). */
const OWNER_LABELS = /^(argocd\.argoproj\.io\/(application-set-name|instance)|app\.kubernetes\.io\/instance)$/;

/** What Argo CD and kubectl write into an application themselves, and what holds one of the primary (fence-primary). */
const OTHERS_ANNOTATIONS =
  /^(kubectl\.kubernetes\.io\/last-applied-configuration|notified\.notifications\.argoproj\.io|argocd\.argoproj\.io\/(application-set-refresh|refresh|hydrate|tracking-id|installation-id|skip-reconcile))$/;

/** Set by Argo CD where the manifests hold hooks for a deletion. The finalizer by which a deletion cascades is people's, and stays. */
const OTHERS_FINALIZERS = /^(pre|post)-delete-finalizer\.argocd\.argoproj\.io(\/|$)/;

/**
 * A live application as somebody would write it down: without what the server adds, and without all that ties it to what generates it. Owner
 * references are the first of that: with them its copy would be deleted by the controller of the ApplicationSet, which makes no such one.
 */
export function writtenDown({ metadata, spec }: LiveApplication): JsonObject {
  const { name, namespace } = metadata;
  const labels = without(metadata.labels, OWNER_LABELS);
  const annotations = without(metadata.annotations, OTHERS_ANNOTATIONS);
  const finalizers = metadata.finalizers.filter((finalizer) => !OTHERS_FINALIZERS.test(finalizer));
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name,
      ...(namespace === '' ? {} : { namespace }),
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      ...(finalizers.length === 0 ? {} : { finalizers }),
    },
    spec: spec as JsonObject,
  };
}

function without(map: Readonly<Record<string, string>>, others: RegExp): Record<string, string> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !others.test(key)));
}
