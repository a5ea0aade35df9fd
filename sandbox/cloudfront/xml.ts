import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { awsFault } from '../aws/fault.ts';
import { protocols } from '../aws/protocols.ts';
import { requestId } from '../aws/request-id.ts';
import { renderXml, type XmlValue } from '../aws/xml.ts';
import type { SandboxResponse } from '../system.ts';
import { type NodeShape, readShape, type XmlObject } from './shape.ts';

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: false });

/** The element `root` of a request body, read as its shape. */
export function readBody(body: Buffer, root: string, shape: NodeShape): XmlObject {
  const source = body.toString('utf8');
  if (source.trim() === '') throw awsFault(400, 'MissingBody', 'This operation requires a body.');
  if (XMLValidator.validate(source) !== true) throw awsFault(400, 'MalformedInput', 'Could not parse the request body.');
  const document = parser.parse(source) as Record<string, unknown>;
  if (!(root in document)) throw awsFault(400, 'MalformedInput', `Expected the element ${root}`);
  return readShape(shape, document[root], root) as XmlObject;
}

/** A successful answer of CloudFront. */
export function xmlResponse(
  root: string,
  result: XmlValue,
  { status = 200, headers = {} }: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): SandboxResponse {
  return {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId(), ...headers },
    body: `<?xml version="1.0"?>\n<${root} xmlns="${protocols.cloudfront?.xmlns ?? ''}">${renderXml(result)}</${root}>`,
  };
}

/** An answer without a body. */
export function emptyResponse(): SandboxResponse {
  return { status: 204, headers: { 'x-amzn-requestid': requestId() } };
}
