import { awsFault } from '../aws/fault.ts';
import { namedList, type XmlValue } from '../aws/xml.ts';
import type { SandboxRequest } from '../system.ts';

const mostItems = 100;

/** One page of a list in CloudFront's form, after `Marker`. */
export function pageOf<T extends { readonly id: string }>(
  { query }: Pick<SandboxRequest, 'query'>,
  all: readonly T[],
  item: string,
  view: (one: T) => XmlValue,
): XmlValue {
  const marker = query.get('Marker') ?? '';
  const asked = Number(query.get('MaxItems') ?? mostItems);
  if (!Number.isInteger(asked) || asked < 1) throw awsFault(400, 'InvalidArgument', 'MaxItems must be a positive number.');
  const size = Math.min(asked, mostItems);
  const sorted = all.filter(({ id }) => id > marker).sort((a, b) => (a.id < b.id ? -1 : 1));
  const page = sorted.slice(0, size);
  const truncated = sorted.length > size;
  return {
    Marker: marker,
    ...(truncated ? { NextMarker: page.at(-1)?.id ?? '' } : {}),
    MaxItems: size,
    IsTruncated: truncated,
    Quantity: page.length,
    ...(page.length === 0 ? {} : { Items: namedList(item, page.map(view)) }),
  };
}
