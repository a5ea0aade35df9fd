import type { Estate } from '../estate/estate.ts';
import type { NamespaceLimit } from '../inventory/parts/namespaces.ts';
import { RUN_LABEL } from '../naming.ts';

/** The part of the inventory that tells which namespaces the primary has, and which applications may have brought what is in them. */
export interface KnownNamespaces {
  readonly services: readonly KnownApplication[];
  readonly withoutTemplate: readonly KnownApplication[];
  readonly namespaces: readonly KnownNamespace[];
}

interface KnownApplication {
  readonly name: string;
  readonly namespace: string;
}

type Texts = Readonly<Record<string, string>>;

interface KnownNamespace {
  readonly name: string;
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly limits: readonly NamespaceLimit[];
}

export interface NamespaceToPrepare {
  readonly name: string;
  readonly labels: Texts;
  readonly annotations: Texts;
  /** The quotas and limit ranges that nobody else brings. */
  readonly limits: readonly NamespaceLimit[];
}

/** Argo CD marks the objects of an application so, by its setting application.resourceTrackingMethod. */
const TRACKING_ID = 'argocd.argoproj.io/tracking-id';
const TRACKING_LABELS = ['argocd.argoproj.io/instance', 'app.kubernetes.io/instance'];

/**
 * Every namespace that the primary has or a service names, without the excluded ones, sorted; with the primary's labels and annotations,
 * those of the estate on top. Vault's reviewer gets its own namespace even where the primary has none of that name.
 */
export function namespacesToPrepare(known: KnownNamespaces, settings: Estate['namespaces']): NamespaceToPrepare[] {
  const primary = new Map(known.namespaces.map((namespace) => [namespace.name, namespace]));
  const applications = new Set([...known.services, ...known.withoutTemplate].map(({ name }) => name));
  const excluded = new Set(settings.exclude);
  const names = [...primary.keys(), ...known.services.map(({ namespace }) => namespace)].filter((name) => !excluded.has(name));
  if (settings.vaultReviewer !== undefined) names.push(settings.vaultReviewer.namespace);
  return [...new Set(names)].sort().map((name) => {
    const { labels = {}, annotations = {}, limits = [] } = primary.get(name) ?? {};
    return {
      name,
      labels: { ...carriedOver(labels), ...settings.labels },
      annotations: { ...carriedOver(annotations), ...settings.annotations },
      limits: settings.quotas === 'none' ? [] : limits.filter((limit) => !isTracked(limit, applications)),
    };
  });
}

/** Labels or annotations to take along: not what the API server or kubectl write themselves, nor the marks by which another system knows its own. */
export function carriedOver(texts: Texts): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([key]) => !isOthers(key)));
}

function isOthers(key: string): boolean {
  const [prefix] = key.split('/', 1);
  return key === RUN_LABEL || prefix === 'kubernetes.io' || prefix === 'kubectl.kubernetes.io' || prefix === 'argocd.argoproj.io';
}

/** Whether an application brings it to the new cluster anyway. Helm charts use the second label, too: only the name of an application counts. */
function isTracked({ labels, annotations }: NamespaceLimit, applications: ReadonlySet<string>): boolean {
  return annotations[TRACKING_ID] !== undefined || TRACKING_LABELS.some((label) => applications.has(labels[label] ?? ''));
}
