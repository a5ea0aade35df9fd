import * as z from 'zod';
import { EksDrError } from '../kit/errors.ts';
import { parseAs } from '../kit/parse.ts';
import type { SendToKubernetes } from './kubernetes-http.ts';

const PAGE = 500;

/** No whole objects as a second choice: a server that can't give metadata alone answers 406. */
const METADATA_ALONE = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';

const item = z.looseObject({ metadata: z.looseObject({ name: z.string() }) });

const page = z.object({
  kind: z.string().optional(),
  metadata: z.object({ continue: z.string().optional() }).optional(),
  items: z.array(item).nullable(),
});

const texts = z.record(z.string(), z.string()).default({});

/** What is kept of an object's metadata. `kubectl apply` leaves the whole object in an annotation, a Secret's data too: that one is dropped. */
const listedMetadata = z.object({
  name: z.string(),
  namespace: z.string().default(''),
  labels: texts,
  annotations: texts.transform(({ 'kubectl.kubernetes.io/last-applied-configuration': _whole, ...rest }) => rest),
  ownerReferences: z.array(z.object({ kind: z.string(), name: z.string() })).default([]),
  managedFields: z.array(z.object({ manager: z.string().default(''), subresource: z.string().default('') })).default([]),
});

export type ListedMetadata = z.infer<typeof listedMetadata>;

interface Listed {
  /** Of the collection. */
  readonly path: string;
  readonly endpoint: string;
  readonly query: Readonly<Record<string, string | undefined>>;
}

/** Every object of a list, page after page, as the API server gives it. None where the collection is not there (any more). */
export async function everyItem(send: SendToKubernetes, listed: Listed): Promise<z.infer<typeof item>[]> {
  return (await everyPage(send, listed)).flatMap(({ items }) => items ?? []);
}

/** The metadata of every object of a list. Throws `remote-answer-invalid` where something answers with more than was asked for. */
export async function everyMetadata(send: SendToKubernetes, listed: Listed): Promise<ListedMetadata[]> {
  const pages = await everyPage(send, listed, METADATA_ALONE);
  const what = `Kubernetes' answer to GET ${listed.path} at ${listed.endpoint}`;
  if (pages.some(({ kind }) => kind !== 'PartialObjectMetadataList')) {
    throw new EksDrError('remote-answer-invalid', { message: `${what} is not the metadata that was asked for.`, target: listed.endpoint });
  }
  return pages.flatMap(({ items }) =>
    (items ?? []).map(({ metadata }) => parseAs(listedMetadata, metadata, what, 'remote-answer-invalid')),
  );
}

async function everyPage(send: SendToKubernetes, { path, endpoint, query }: Listed, accept?: string): Promise<z.infer<typeof page>[]> {
  const pages: z.infer<typeof page>[] = [];
  let continueAt: string | undefined;
  do {
    const answer = await send({ method: 'GET', path, query: { ...query, limit: String(PAGE), continue: continueAt }, accept });
    if (answer === null) return [];
    const one = parseAs(page, answer, `Kubernetes' answer to GET ${path} at ${endpoint}`, 'remote-answer-invalid');
    pages.push(one);
    continueAt = one.metadata?.continue === '' ? undefined : one.metadata?.continue;
  } while (continueAt !== undefined);
  return pages;
}
