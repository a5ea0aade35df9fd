import { awsFault } from '../aws/fault.ts';
import type { SandboxRequest } from '../system.ts';

/** Refuses a write whose If-Match is missing, or of another version than there is. */
export function requireMatch({ headers }: Pick<SandboxRequest, 'headers'>, etag: string): void {
  const given = headers['if-match'];
  if (given === undefined || given === '')
    throw awsFault(400, 'InvalidIfMatchVersion', 'The If-Match version is missing or not valid for the resource.');
  if (given !== etag)
    throw awsFault(
      412,
      'PreconditionFailed',
      'The request failed because it didn’t meet the preconditions in one or more request-header fields.',
    );
}
