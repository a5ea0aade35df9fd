import pLimit from 'p-limit';
import * as z from 'zod';
import type { Clock } from '../kit/clock.ts';
import { EksDrError } from '../kit/errors.ts';
import type { Json } from '../kit/json.ts';
import { parseAs } from '../kit/parse.ts';
import { createRateLimiter } from '../kit/rate-limit.ts';
import type { Eks, Sts } from './aws.ts';
import { translateAwsError } from './aws-errors.ts';
import type { ClusterRef } from './clients.ts';
import { createEksTokens } from './eks-token.ts';
import { createDiscovery, type Scope } from './kubernetes-discovery.ts';
import { connectHttp } from './kubernetes-http.ts';
import { everyItem, everyMetadata, type ListedMetadata } from './kubernetes-pages.ts';
import { limits } from './limits.ts';

/** A kind of object: `{ apiVersion: 'apps/v1', kind: 'Deployment' }`. */
export interface KubernetesType {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Where one object is. `namespace` is '' (or left out) for objects that lie in none. */
export interface KubernetesRef extends KubernetesType {
  readonly namespace?: string;
  readonly name: string;
}

/** One entry of `metadata.managedFields`: which fields a manager owns. */
export interface ManagedFields {
  readonly manager: string;
  readonly operation: string;
  readonly subresource?: string;
  readonly fieldsV1?: Json;
}

export interface KubernetesMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly managedFields?: readonly ManagedFields[];
}

/** An object as the API server answers it, in plain JSON. */
export interface KubernetesObject extends KubernetesType {
  readonly metadata: KubernetesMetadata;
  readonly [field: string]: unknown;
}

export interface ListOptions {
  /** All namespaces unless given. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface ApplyOptions {
  readonly fieldManager: string;
  /** Takes fields over from other managers. Only where a person has approved that. */
  readonly force?: boolean;
}

export interface PatchOptions {
  readonly fieldManager: string;
  /** A part of the object with rights of its own, and a shape of its own. */
  readonly subresource?: 'scale';
}

export interface TokenOptions {
  /** At least 600. */
  readonly expirationSeconds: number;
  /** For whom the token is good; the API server itself unless given. */
  readonly audiences?: readonly string[];
}

/** Deletes only the very object that was read; another one of the same name is a conflict. */
export interface DeleteOptions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/**
 * One cluster's API. Every method throws `permission-denied` (403), `conflict` (409), `remote-refused` (400, 422),
 * `remote-unavailable` (network, 5xx, 429), `login-refused` (401, also while a new access entry spreads).
 */
export interface Kubernetes {
  readonly cluster: ClusterRef;
  readonly endpoint: string;
  /** Base64 of the CA's PEM, as DescribeCluster gives it. */
  readonly ca: string;
  /** The minor version: `1.33`. */
  readonly version: string;
  /** The tags of the EKS cluster: whose the cluster is. */
  readonly tags: Readonly<Record<string, string>>;
  /** Null: no such object. */
  get(ref: KubernetesRef): Promise<KubernetesObject | null>;
  /** All pages. Empty where the cluster doesn't know the type. */
  list(type: KubernetesType, options?: ListOptions): Promise<readonly KubernetesObject[]>;
  /** All pages, of each object its metadata alone: the data of a Secret never leaves the API server. Empty where the cluster doesn't know the type. */
  listMetadata(type: KubernetesType, options?: ListOptions): Promise<readonly ListedMetadata[]>;
  /** Null: the cluster doesn't know the type. */
  scopeOf(type: KubernetesType): Promise<Scope | null>;
  /** Server-side apply. A `conflict` names the fields and their managers. */
  apply(object: KubernetesObject, options: ApplyOptions): Promise<KubernetesObject>;
  /** A merge patch (RFC 7386): nobody else's fields are taken over but those it names. A `conflict` where it names another resourceVersion. */
  patch(ref: KubernetesRef, change: Json, options: PatchOptions): Promise<void>;
  /** POST: reviews and token requests too. A `conflict` when it exists. */
  create(object: KubernetesObject): Promise<KubernetesObject>;
  /** A token of a service account that ends by itself; null where there is no such account. Never to be logged or recorded. */
  serviceAccountToken(account: { readonly namespace: string; readonly name: string }, options: TokenOptions): Promise<string | null>;
  /** Asks for the deletion; finalizers may keep the object for a while. An absent object is fine. */
  delete(ref: KubernetesRef, options?: DeleteOptions): Promise<void>;
}

const IN_FLIGHT = 12;

const object = z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: z.looseObject({ name: z.string() }) });
// Reviews are answered without a name, deletions by a Status.
const typed = z.looseObject({ apiVersion: z.string(), kind: z.string() });
const tokenRequest = z.object({ status: z.object({ token: z.string().min(1) }) });

/** Connects to an EKS cluster's API: address, CA and tags by DescribeCluster, login by a token of the caller's own AWS identity. */
export async function connectKubernetes(
  ref: ClusterRef,
  options: {
    readonly eks: Eks;
    readonly sts: Sts;
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly answerSeconds?: number | undefined;
  },
): Promise<Kubernetes> {
  const { eks, sts, clock, signal, answerSeconds } = options;
  const { cluster } = await eks.describeCluster({ name: ref.cluster });
  const endpoint = cluster?.endpoint?.replace(/\/+$/, '');
  const ca = cluster?.certificateAuthority?.data;
  if (endpoint === undefined || ca === undefined) {
    throw new EksDrError('remote-unavailable', {
      message: `The EKS cluster ${ref.cluster} in ${ref.region} is ${cluster?.status ?? 'of unknown status'} and has no API endpoint yet.`,
      target: ref.cluster,
    });
  }
  const limiter = createRateLimiter(clock, limits.kubernetes ?? { perSecond: 50, burst: 300 });
  const credentials = () =>
    sts.config.credentials().catch((thrown: unknown) => {
      throw translateAwsError(thrown, { service: 'sts', region: ref.region, operation: 'GetCallerIdentity' });
    });
  const token = createEksTokens({ ...ref, credentials });
  const send = await connectHttp({ endpoint, ca: Buffer.from(ca, 'base64').toString(), token, clock, signal, limiter, answerSeconds });
  const discovery = createDiscovery(send);
  const inFlight = pLimit(IN_FLIGHT);

  return {
    cluster: ref,
    endpoint,
    ca,
    version: cluster?.version ?? '',
    tags: cluster?.tags ?? {},

    get: (at) =>
      inFlight(async () => {
        const path = await discovery.pathOf(at);
        if (path === null) return null;
        const answer = await send({ method: 'GET', path });
        return answer === null ? null : asObject(answer, path, endpoint);
      }),

    list: (type, { namespace, labelSelector, fieldSelector } = {}) =>
      inFlight(async () => {
        const path = await discovery.collectionOf(type, namespace);
        if (path === null) return [];
        const items = await everyItem(send, { path, endpoint, query: { labelSelector, fieldSelector } });
        // The items of a list come without their type.
        return items.map((item) => ({ ...type, ...item }) as KubernetesObject);
      }),

    listMetadata: (type, { namespace, labelSelector, fieldSelector } = {}) =>
      inFlight(async () => {
        const path = await discovery.collectionOf(type, namespace);
        return path === null ? [] : everyMetadata(send, { path, endpoint, query: { labelSelector, fieldSelector } });
      }),

    scopeOf: (type) => inFlight(() => discovery.scopeOf(type)),

    apply: (wanted, { fieldManager, force }) =>
      inFlight(async () => {
        const path = await discovery.knownPathOf({ ...wanted, name: wanted.metadata.name, namespace: wanted.metadata.namespace ?? '' });
        const answer = await send({
          method: 'PATCH',
          path,
          query: { fieldManager, force: force === true ? 'true' : undefined },
          body: wanted,
          contentType: 'application/apply-patch+yaml',
        });
        if (answer === null) throw gone(path);
        return asObject(answer, path, endpoint);
      }),

    patch: (at, change, { fieldManager, subresource }) =>
      inFlight(async () => {
        const path = `${await discovery.knownPathOf(at)}${subresource === undefined ? '' : `/${subresource}`}`;
        const answer = await send({
          method: 'PATCH',
          path,
          query: { fieldManager },
          body: change,
          contentType: 'application/merge-patch+json',
        });
        if (answer === null) throw gone(path);
        // The object, or its scale.
        parseAs(typed, answer, `Kubernetes' answer to PATCH ${path} at ${endpoint}`, 'remote-answer-invalid');
      }),

    create: (wanted) =>
      inFlight(async () => {
        const path = await discovery.knownCollectionOf(wanted, wanted.metadata.namespace ?? '');
        const answer = await send({ method: 'POST', path, body: wanted });
        if (answer === null) throw gone(path);
        return parseAs(
          typed,
          answer,
          `Kubernetes' answer to POST ${path} at ${endpoint}`,
          'remote-answer-invalid',
        ) as unknown as KubernetesObject;
      }),

    serviceAccountToken: ({ namespace, name }, spec) =>
      inFlight(async () => {
        const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/serviceaccounts/${encodeURIComponent(name)}/token`;
        const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec };
        const answer = await send({ method: 'POST', path, body });
        if (answer === null) return null;
        return parseAs(tokenRequest, answer, `Kubernetes' answer to POST ${path} at ${endpoint}`, 'remote-answer-invalid').status.token;
      }),

    delete: (at, preconditions) =>
      inFlight(async () => {
        const path = await discovery.pathOf(at);
        if (path === null) return;
        const body = {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          propagationPolicy: 'Background',
          ...(preconditions === undefined ? {} : { preconditions }),
        };
        const answer = await send({ method: 'DELETE', path, body });
        // The object, or a Status.
        if (answer !== null) parseAs(typed, answer, `Kubernetes' answer to DELETE ${path} at ${endpoint}`, 'remote-answer-invalid');
      }),
  };
}

function asObject(answer: unknown, path: string, endpoint: string): KubernetesObject {
  return parseAs(object, answer, `Kubernetes' answer about ${path} at ${endpoint}`, 'remote-answer-invalid') as KubernetesObject;
}

function gone(path: string): EksDrError {
  return new EksDrError('conflict', {
    message: `The API server does not know ${path}: the namespace is missing, or the object was deleted meanwhile.`,
    target: path,
    remedy: 'Plan the step again: it creates what is missing.',
  });
}
