import type { Answer, ArgoCd, Repository } from '../subjects/argocd/argocd.ts';
import { unique } from '../unique.ts';

export const FORBIDDEN = { error: 'permission denied', code: 7, message: 'permission denied' };

/** A repository and a namespace of an assertion's own, and an application that would deploy the one to the other. */
export interface Place {
  readonly name: string;
  readonly repository: Repository;
  readonly namespace: string;
  /** Not created yet; `spec` and `metadata` go over what it would hold. */
  application(spec?: Record<string, unknown>, metadata?: Record<string, unknown>): { metadata: { name: string }; spec: object };
}

/** Its manifests lie in the folder `app`. */
export async function newPlace(
  argocd: ArgoCd,
  files: Readonly<Record<string, string>> = { 'app/one.yaml': configMap('one') },
): Promise<Place> {
  const name = unique('contract');
  const repository = await argocd.newRepository(files);
  await argocd.newNamespace(name);
  return {
    name,
    repository,
    namespace: name,
    application: (spec = {}, metadata = {}) => ({
      metadata: { name, ...metadata },
      spec: {
        project: 'default',
        source: { repoURL: repository.url, path: 'app', targetRevision: 'main' },
        destination: { name: argocd.destination.name, namespace: name },
        ...spec,
      },
    }),
  };
}

/** The place with its application created; throws where that is refused. */
export async function newApplication(
  argocd: ArgoCd,
  options: {
    readonly files?: Readonly<Record<string, string>>;
    readonly spec?: Record<string, unknown>;
    readonly metadata?: Record<string, unknown>;
  } = {},
): Promise<Place> {
  const place = await newPlace(argocd, options.files);
  accepted(await create(argocd, place.application(options.spec, options.metadata)));
  return place;
}

export function create(argocd: ArgoCd, body: unknown, query = ''): Promise<Answer> {
  return argocd.call('POST', `/api/v1/applications${query}`, { body });
}

export function get(argocd: ArgoCd, name: string, query = ''): Promise<Answer> {
  return argocd.call('GET', `/api/v1/applications/${name}${query}`);
}

export function sync(argocd: ArgoCd, name: string, body: object = {}): Promise<Answer> {
  return argocd.call('POST', `/api/v1/applications/${name}/sync`, { body: { name, ...body } });
}

/** The answer's body; throws unless it was 200. */
export function accepted({ status, body }: Answer): Answer['body'] {
  if (status !== 200) throw new Error(`expected an answer, got ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** Whether the last operation has ended; `status` is that of an application. */
export function hasEnded({ body }: Answer): boolean {
  return body.operation === undefined && ['Succeeded', 'Failed', 'Error'].includes(body.status.operationState?.phase);
}

export function isHealthy({ body }: Answer): boolean {
  return hasEnded({ status: 200, body }) && body.status.health.status === 'Healthy' && body.status.sync.status === 'Synced';
}

/** JSON is YAML. */
export function configMap(name: string, annotations: Record<string, string> = {}): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, annotations }, data: { a: 'b' } });
}

/** One replica; a node to be chosen that isn't there keeps it from ever becoming ready. */
export function deployment(name: string, nodeSelector: Record<string, string> = {}): string {
  const labels = { app: name };
  const spec = { nodeSelector, containers: [{ name: 'main', image: 'registry.example.com/app:1' }] };
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  });
}

export function liveConfigMap(argocd: ArgoCd, namespace: string, name: string): Promise<unknown> {
  return argocd.live({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name });
}
