import type { Tag } from '@aws-sdk/client-iam';
import type { Owner } from '../kit/resource.ts';
import { RUN_TAG } from '../naming.ts';
import { ownerByTags } from './cluster-owner.ts';

/** IAM's list of tags as a map. */
export function tagsOf(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}

/** The tag of a run, as IAM takes it; none for null. */
export function runTags(run: string | null): Tag[] {
  return run === null ? [] : [{ Key: RUN_TAG, Value: run }];
}

/** Whose a role, policy or provider is, by its tags. `what`: 'the role x'. */
export function iamOwner(tags: Readonly<Record<string, string>>, what: string): Owner {
  return ownerByTags(tags) ?? { kind: 'other', detail: `${what} carries no ${RUN_TAG} tag` };
}
