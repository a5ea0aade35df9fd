import { createdAt, whoAmI } from './terraform-cache.ts';
import { lockIn } from './terraform-errors.ts';
import type { ProcessResult } from './terraform-process.ts';

/** What Terraform writes as the operation into the locks that our commands take. Source: internal/command and internal/backend of Terraform. */
const OPERATIONS: Readonly<Record<string, string>> = { apply: 'OperationTypeApply', untaint: 'untaint', 'state push': 'state-push' };

/**
 * Whether a command that ended by itself left a lock of its own behind: it could not free it (its credentials had expired, say), or it met
 * one that nobody else can have taken, since it did so under our name and for the same operation after the command was started (ms since
 * 1970): the answer to its own request for the lock was lost, and it asked again.
 */
export function leftLock(command: string, { code, stdout, stderr }: ProcessResult, startedAt: number): boolean {
  if (code === 0 || code === null) return false;
  // In machine-readable output the lines of a lock's description are escaped.
  const said = `${stdout}\n${stderr}`.replaceAll('\\n', '\n');
  if (/Error releasing the state lock/i.test(said)) return true;
  const lock = lockIn(said);
  return lock !== null && lock.who === whoAmI() && lock.operation === OPERATIONS[command] && createdAt(lock) >= startedAt;
}
