import type { SandboxRequest, SandboxResponse } from '../system.ts';
import { failure, json } from './failure.ts';
import { type Fields, isFields } from './object.ts';

const PARTIAL = 'PartialObjectMetadata';
const META = 'meta.k8s.io/v1';

interface Form {
  readonly media: string;
  /** The kind to give in the place of the object's own. */
  readonly as: string | undefined;
  /** Group and version of that kind. */
  readonly of: string;
}

function forms(accept: string | undefined): readonly Form[] {
  return (accept ?? '*/*').split(',').map((part) => {
    const [media = '', ...parameters] = part.split(';').map((each) => each.trim());
    const parameter = (name: string) => parameters.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
    return { media, as: parameter('as'), of: `${parameter('g')}/${parameter('v')}` };
  });
}

const isJson = ({ media }: Form): boolean => ['*/*', 'application/*', 'application/json'].includes(media);

/** The first form asked for that can be given: whole objects, or their metadata alone. Throws 406; tables aren't served. */
function formOf({ headers }: SandboxRequest): string | undefined {
  const found = forms(headers.accept).find(
    (form) => isJson(form) && (form.as === undefined || (form.of === META && [PARTIAL, `${PARTIAL}List`].includes(form.as))),
  );
  if (found !== undefined) return found.as;
  throw failure(406, 'NotAcceptable', 'only the following media types are accepted: application/json', {});
}

/** An answer with objects in the form that the client accepts. `wanted` is worked out before anything is done. */
export function inAcceptedForm(request: SandboxRequest): (response: SandboxResponse) => SandboxResponse {
  const form = formOf(request);
  if (form === undefined) return (response) => response;
  return (response) => {
    if (response.status > 299 || typeof response.body !== 'string') return response;
    const body: unknown = JSON.parse(response.body);
    return isFields(body) && body.kind !== 'Status' ? json(response.status, partial(body)) : response;
  };
}

function partial({ metadata, items }: Fields): Fields {
  if (!Array.isArray(items)) return { kind: PARTIAL, apiVersion: META, metadata };
  return { kind: `${PARTIAL}List`, apiVersion: META, metadata, items: items.filter(isFields).map(partial) };
}
