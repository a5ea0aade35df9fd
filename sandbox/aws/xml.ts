/** A list whose items have a name of their own: `<HostedZones><HostedZone>..</HostedZone></HostedZones>`. */
export interface NamedList {
  readonly item: string;
  readonly values: readonly XmlValue[];
}

export type XmlValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly XmlValue[]
  | NamedList
  | { readonly [name: string]: XmlValue };

/** Renders its values as elements called `item` inside the member that holds it. */
export function namedList(item: string, values: readonly XmlValue[]): NamedList {
  return { item, values };
}

function isNamedList(value: object): value is NamedList {
  return 'item' in value && 'values' in value && Array.isArray((value as NamedList).values);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll('\r', '&#xD;');
}

/**
 * Elements for an object's members, in their order. Plain arrays become `<name><listItem>..</listItem></name>`;
 * undefined and null members are left out.
 */
export function renderXml(value: XmlValue, listItem = 'member'): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return escapeXml(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return renderItems(listItem, value, listItem);
  const object = value as NamedList | Record<string, XmlValue>;
  if (isNamedList(object)) return renderItems(object.item, object.values, listItem);
  return Object.entries(object)
    .filter(([, member]) => member !== undefined && member !== null)
    .map(([name, member]) => `<${name}>${renderXml(member, listItem)}</${name}>`)
    .join('');
}

function renderItems(item: string, values: readonly XmlValue[], listItem: string): string {
  return values.map((each) => `<${item}>${renderXml(each, listItem)}</${item}>`).join('');
}
