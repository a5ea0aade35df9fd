import type { Filter } from '@aws-sdk/client-ec2';

/** A thing in AWS that something inside a cluster made, with the tags that tell of which cluster it is. */
export interface Found {
  /** The id, or the ARN. */
  readonly id: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** How EC2 is asked for some of its things. */
export type Filters = readonly Filter[];

export function found(id: string | undefined, tags: readonly Tag[] | undefined, name = ''): Found[] {
  if (id === undefined) return [];
  const byKey = Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  return [{ id, name: name === '' ? (byKey.Name ?? '') : name, tags: byKey }];
}
