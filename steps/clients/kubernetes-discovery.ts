import * as z from 'zod';
import { EksDrError } from '../kit/errors.ts';
import { parseAs } from '../kit/parse.ts';
import type { KubernetesRef, KubernetesType } from './kubernetes.ts';
import type { SendToKubernetes } from './kubernetes-http.ts';

const resourceList = z.object({ resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })) });

type Resource = z.infer<typeof resourceList>['resources'][number];

/** Whether the objects of a kind lie in namespaces. */
export type Scope = 'Namespaced' | 'Cluster';

/** Finds the URL paths of objects: the API server tells the plural of a kind and whether its objects lie in namespaces. */
export interface Discovery {
  /** Null: the cluster doesn't know the type. */
  pathOf(ref: KubernetesRef): Promise<string | null>;
  collectionOf(type: KubernetesType, namespace?: string): Promise<string | null>;
  scopeOf(type: KubernetesType): Promise<Scope | null>;
  /** Like the above, but an unknown type is `remote-refused`. */
  knownPathOf(ref: KubernetesRef): Promise<string>;
  knownCollectionOf(type: KubernetesType, namespace: string): Promise<string>;
}

export function createDiscovery(send: SendToKubernetes): Discovery {
  const known = new Map<string, Promise<readonly Resource[]>>();

  const ask = async (apiVersion: string): Promise<readonly Resource[]> => {
    const answer = await send({ method: 'GET', path: rootOf(apiVersion) });
    // Subresources (`pods/log`) share the kind of others.
    return answer === null
      ? []
      : parseAs(resourceList, answer, `Kubernetes' list of the resources in ${apiVersion}`, 'remote-answer-invalid').resources.filter(
          ({ name }) => !name.includes('/'),
        );
  };

  async function find({ apiVersion, kind }: KubernetesType): Promise<Resource | undefined> {
    const asked = known.get(apiVersion) ?? ask(apiVersion);
    known.set(apiVersion, asked);
    try {
      const found = (await asked).find((resource) => resource.kind === kind);
      // A custom resource may be installed at any moment: a miss is not remembered.
      if (found === undefined) known.delete(apiVersion);
      return found;
    } catch (thrown) {
      known.delete(apiVersion);
      throw thrown;
    }
  }

  async function collectionOf(type: KubernetesType, namespace?: string): Promise<string | null> {
    const resource = await find(type);
    if (resource === undefined) return null;
    const inNamespace = resource.namespaced && namespace !== undefined && namespace !== '';
    return `${rootOf(type.apiVersion)}${inNamespace ? `/namespaces/${encodeURIComponent(namespace)}` : ''}/${resource.name}`;
  }

  async function pathOf(ref: KubernetesRef): Promise<string | null> {
    const collection = await collectionOf(ref, ref.namespace);
    return collection === null ? null : `${collection}/${encodeURIComponent(ref.name)}`;
  }

  return {
    pathOf,
    collectionOf,
    async scopeOf(type) {
      const resource = await find(type);
      if (resource === undefined) return null;
      return resource.namespaced ? 'Namespaced' : 'Cluster';
    },
    knownPathOf: async (ref) => (await pathOf(ref)) ?? unknownType(ref),
    knownCollectionOf: async (type, namespace) => (await collectionOf(type, namespace)) ?? unknownType(type),
  };
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function unknownType({ apiVersion, kind }: KubernetesType): never {
  throw new EksDrError('remote-refused', {
    message: `The cluster does not know objects of kind ${kind} in ${apiVersion}.`,
    target: `${apiVersion} ${kind}`,
    remedy: 'Install what brings this kind of object, then run the step again.',
  });
}
