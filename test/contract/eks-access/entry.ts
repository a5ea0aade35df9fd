import { type AccessEntry, CreateAccessEntryCommand, type CreateAccessEntryCommandInput } from '@aws-sdk/client-eks';
import type { EksAccess } from './subject.ts';

/** Names an access entry of the shared cluster. */
export interface EntryName {
  readonly clusterName: string;
  readonly principalArn: string;
}

/** What creates an access entry for a new role in the shared cluster. */
export function entryInput(
  { cluster, takeRole }: EksAccess,
  overrides: Partial<CreateAccessEntryCommandInput> = {},
): CreateAccessEntryCommandInput & EntryName {
  return { clusterName: cluster, principalArn: takeRole(), ...overrides } as CreateAccessEntryCommandInput & EntryName;
}

/** Creates such an entry. */
export async function makeEntry(
  subject: EksAccess,
  overrides: Partial<CreateAccessEntryCommandInput> = {},
): Promise<{ readonly name: EntryName; readonly entry: AccessEntry }> {
  const input = entryInput(subject, overrides);
  const { accessEntry } = await subject.eks.send(new CreateAccessEntryCommand(input));
  const { clusterName, principalArn } = input;
  return { name: { clusterName, principalArn }, entry: accessEntry ?? {} };
}
