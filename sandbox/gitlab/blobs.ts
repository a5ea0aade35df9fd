import type { SandboxResponse } from '../system.ts';
import { type Call, projectOf } from './call.ts';
import { readBytes } from './objects.ts';
import { json, notFound } from './reply.ts';

/** GET a blob by its id: size, and content in Base64. */
export function getBlob(call: Call): SandboxResponse {
  const sha = call.parameters.sha ?? '';
  const blob = projectOf(call).blobs[sha];
  if (blob === undefined) return notFound('Blob');
  const bytes = readBytes(blob);
  return json(200, { size: bytes.length, encoding: 'base64', content: bytes.toString('base64'), sha });
}
