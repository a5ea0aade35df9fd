import type { ArgoApplication, ArgoCd } from '../../../steps/clients/argocd.ts';
import { argoApplication } from '../../../steps/clients/argocd-shapes.ts';
import type { Kubernetes, KubernetesObject } from '../../../steps/clients/kubernetes.ts';
import type { JsonObject } from '../../../steps/kit/json.ts';

/** What a chart makes of a release's values. */
export type Render = (release: { readonly namespace: string; readonly values: JsonObject }) => readonly KubernetesObject[];

export interface Installer {
  readonly argocd: ArgoCd;
  /** The names of applications in the order in which they were made (`+`) and deleted (`-`). */
  readonly history: readonly string[];
}

interface Source {
  readonly chart: string;
  readonly helm: { readonly valuesObject: JsonObject };
}

/** As much of Argo CD as installs charts: an application with automated sync applies its objects; one that is deleted takes them along. */
export function createInstaller(kubernetes: Kubernetes, charts: Readonly<Record<string, Render>>): Installer {
  const applications = new Map<string, ArgoApplication>();
  const history: string[] = [];

  const objectsOf = ({ spec }: ArgoApplication): readonly KubernetesObject[] => {
    const { chart, helm } = spec.source as unknown as Source;
    return charts[chart]?.({ namespace: spec.destination.namespace ?? '', values: helm.valuesObject }) ?? [];
  };
  const isThere = async (application: ArgoApplication): Promise<boolean> => {
    const found = await Promise.all(objectsOf(application).map((object) => kubernetes.get(refOf(object))));
    return found.some((object) => object !== null);
  };
  const sync = async (application: ArgoApplication): Promise<void> => {
    if (application.spec.syncPolicy?.automated === undefined) return;
    for (const object of objectsOf(application)) await kubernetes.apply(object, { fieldManager: 'argocd-controller', force: true });
  };
  const keep = (name: string, application: object): ArgoApplication => {
    const time = new Date(0).toISOString();
    const status = { sync: { status: 'Synced' }, health: { status: 'Healthy' }, reconciledAt: time };
    const kept = argoApplication.parse({ ...application, status });
    applications.set(name, kept);
    return kept;
  };

  const argocd: Partial<ArgoCd> = {
    url: 'https://argocd.example.com',
    async listApplications(query = {}) {
      for (const [name, application] of applications)
        if (application.metadata.deletionTimestamp != null && !(await isThere(application))) applications.delete(name);
      return [...applications.values()].filter(({ metadata }) => query.name === undefined || query.name === metadata.name);
    },
    async createApplication(application) {
      const { name } = (application as ArgoApplication).metadata;
      history.push(`+${name}`);
      await sync(keep(name, application));
    },
    updateApplication: async (name, application) => sync(keep(name, application)),
    async deleteApplication(name) {
      const application = applications.get(name);
      if (application === undefined) return;
      history.push(`-${name}`);
      applications.set(name, { ...application, metadata: { ...application.metadata, deletionTimestamp: new Date(0).toISOString() } });
      for (const object of objectsOf(application).toReversed()) await kubernetes.delete(refOf(object));
    },
    terminateOperation: async () => undefined,
  };
  return { argocd: argocd as ArgoCd, history };
}

function refOf({ apiVersion, kind, metadata: { name, namespace = '' } }: KubernetesObject) {
  return { apiVersion, kind, namespace, name };
}
