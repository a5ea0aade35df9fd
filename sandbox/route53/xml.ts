import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { awsFault } from '../aws/fault.ts';
import { protocols } from '../aws/protocols.ts';
import { requestId } from '../aws/request-id.ts';
import { renderXml, type XmlValue } from '../aws/xml.ts';
import type { SandboxResponse } from '../system.ts';

const lists = new Set(['Change', 'ResourceRecord', 'Tag', 'Key', 'ResourceId']);
const listParents = new Set(['Changes', 'ResourceRecords', 'AddTags', 'RemoveTagKeys', 'ResourceIds']);

export type XmlNode = { readonly [name: string]: unknown };

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  // Only whitespace between elements; texts stay as they are.
  isArray: (name, path) => lists.has(name) && listParents.has(String(path).split('.').at(-2) ?? ''),
});

/** The element `root` of a request body. */
export function parseXml(body: Buffer, root: string): XmlNode {
  const source = body.toString('utf8');
  if (XMLValidator.validate(source) !== true) throw awsFault(400, 'InvalidInput', 'Invalid XML');
  const document = parser.parse(source) as XmlNode;
  const element = document[root];
  if (isNode(element)) return element;
  throw awsFault(400, 'InvalidInput', `Invalid XML ; cvc-elt.1: Cannot find the declaration of element; expected '${root}'.`);
}

function isNode(value: unknown): value is XmlNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A child element with members; undefined when absent. */
export function child(node: XmlNode, name: string): XmlNode | undefined {
  const value = node[name];
  return isNode(value) ? value : undefined;
}

/** The text of a child element; undefined when absent. */
export function childText(node: XmlNode, name: string): string | undefined {
  const value = node[name];
  return typeof value === 'string' ? value : undefined;
}

/** The elements `item` in the child `name`; undefined when the child is absent. */
export function childList(node: XmlNode, name: string, item: string): readonly unknown[] | undefined {
  if (!(name in node)) return undefined;
  const value = child(node, name)?.[item];
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

export function nodes(items: readonly unknown[]): XmlNode[] {
  return items.filter(isNode);
}

/** Refuses elements that the API's schema does not have at this place. */
export function allowElements(node: XmlNode, allowed: readonly string[]): void {
  const unknown = Object.keys(node).find((name) => !allowed.includes(name) && name !== '#text');
  if (unknown === undefined) return;
  const message = `Invalid XML ; cvc-complex-type.2.4.a: Invalid content was found starting with element '${unknown}'.`;
  throw awsFault(400, 'InvalidInput', message);
}

/** A successful answer of Route 53. */
export function xmlResponse(root: string, result: { readonly [name: string]: XmlValue }, status = 200): SandboxResponse {
  return {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId() },
    body: `<?xml version="1.0"?>\n<${root} xmlns="${protocols.route53?.xmlns ?? ''}">${renderXml(result)}</${root}>`,
  };
}
