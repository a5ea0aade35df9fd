import type { ReadLink } from '../api-gateway/read-links.ts';
import { EksDrError } from '../kit/errors.ts';
import type { Owner } from '../kit/resource.ts';
import { RUN_TAG, SCOPE_TAG } from '../naming.ts';
import { ownerByTags } from './cluster-owner.ts';

export function linkOwner({ id, tags }: Pick<ReadLink, 'id' | 'tags'>): Owner {
  return ownerByTags(tags) ?? { kind: 'other', detail: `the VPC link ${id} carries neither ${SCOPE_TAG} nor ${RUN_TAG}` };
}

/** Where a VPC link leads can't be changed, and its name may be used by somebody else. */
export function unchangeable(name: string): EksDrError {
  return new EksDrError('conflict', {
    message: `There is a VPC link ${name} that leads elsewhere, or is not of this run. Where a VPC link leads can't be changed.`,
    target: `VPC link ${name}`,
    remedy: 'Delete or rename that link, if nothing uses it; then plan again.',
  });
}
