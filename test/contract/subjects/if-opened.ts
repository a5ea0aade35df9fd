import type { Opened } from '../contract.ts';

/** What `more` makes of a referee that runs; null of one that doesn't. */
export async function ifOpened<Subject, More>(
  opened: Opened<Subject> | null,
  more: (opened: Opened<Subject>) => Promise<Opened<More>>,
): Promise<Opened<More> | null> {
  return opened === null ? null : more(opened);
}
