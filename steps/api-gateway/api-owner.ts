import type { Owner } from '../kit/resource.ts';
import { RUN_TAG, SCOPE_TAG } from '../naming.ts';
import { ownerByTags } from '../resources/cluster-owner.ts';

/** Whose everything in an API is, by its tags. */
export function ownerOfApi(api: string, tags: Readonly<Record<string, string>> | undefined): Owner {
  return ownerByTags(tags ?? {}) ?? { kind: 'other', detail: `the API ${api} carries neither ${SCOPE_TAG} nor ${RUN_TAG}` };
}

export function noApi(api: string): Owner {
  return { kind: 'other', detail: `the API ${api} does not exist` };
}
