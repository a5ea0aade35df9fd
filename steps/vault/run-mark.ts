import type { VaultMount } from '../clients/vault.ts';
import type { Owner } from '../kit/resource.ts';

/** What we write into the description of an auth method that we make: whose it is, and which reviewer's token it has. */
export interface RunMark {
  readonly run: string;
  /** MAC of the reviewer's token; null while none is configured. */
  readonly reviewer: string | null;
}

export function describeMark({ run, reviewer }: RunMark): string {
  return `eks-dr run=${run}${reviewer === null ? '' : ` reviewer=${reviewer}`}`;
}

/** Null for a description that is none of ours. */
export function readMark(description: string): RunMark | null {
  const found = /^eks-dr run=(\S+)(?: reviewer=([0-9a-f]+))?$/.exec(description);
  return found === null ? null : { run: found[1] ?? '', reviewer: found[2] ?? null };
}

/** Whose an auth method is. */
export function mountOwner(path: string, mount: VaultMount | null): Owner {
  if (mount === null) return { kind: 'nobody' };
  const mark = readMark(mount.description);
  return mark === null ? { kind: 'other', detail: `auth/${path} was not made by EKS-DR` } : { kind: 'run', run: mark.run };
}
