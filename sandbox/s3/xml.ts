import { protocols } from '../aws/protocols.ts';
import { requestId } from '../aws/request-id.ts';
import { renderXml, type XmlValue } from '../aws/xml.ts';
import type { SandboxResponse } from '../system.ts';

/** A successful answer of S3 with a document. */
export function s3Document(root: string, inner: string): SandboxResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId() },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${protocols.s3?.xmlns ?? ''}">${inner}</${root}>`,
  };
}

/** Repeated elements without one around them, as S3's lists are. */
export function repeated(name: string, values: readonly XmlValue[]): string {
  return values.map((value) => renderXml({ [name]: value })).join('');
}
