import { EksDrError, type ErrorCode } from '../kit/errors.ts';
import { brief } from '../kit/text.ts';
import type { Diagnostic } from './terraform-messages.ts';
import type { LockHolder } from './terraform-types.ts';

interface Rule {
  readonly code: ErrorCode;
  readonly pattern: RegExp;
  readonly remedy?: string;
}

// The first rule that matches decides. Words of Terraform's core, its S3 backend, its installer and the AWS provider.
const rules: readonly Rule[] = [
  {
    code: 'credentials-missing',
    pattern:
      /No valid credential sources|failed to (refresh cached|retrieve) credentials|ExpiredToken|InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch|security token .{0,40}(invalid|expired)/i,
  },
  { code: 'permission-denied', pattern: /AccessDenied|Access Denied|UnauthorizedOperation|not authorized to perform|status ?code: 403/i },
  {
    code: 'input-invalid',
    pattern:
      /Inconsistent dependency lock file|doesn't match any of the checksums|does not match any of the checksums|dependency lock file .{0,60}(does not|changes)/is,
    remedy:
      'Record the providers for the platform of the agents (terraform providers lock -platform=linux_amd64), and commit the lock file.',
  },
  {
    code: 'conflict',
    pattern: /ResourceInUseException|EntityAlreadyExists|already exists|Invalid\w+\.(Conflict|Duplicate)|status ?code: 409/i,
    remedy:
      'Terraform found an object that its state does not know. If it carries the tag of this run, an earlier process died before it could save its state, or an answer of AWS was lost on the way: import the object (terraform import) or delete it. If not, rename one of the two. Then plan again.',
  },
  {
    code: 'remote-unavailable',
    pattern:
      /could not connect to|Failed to query available provider packages|Failed to install provider|no such host|connection refused|connection reset|i\/o timeout|dial tcp|TLS handshake|context deadline exceeded|RequestError|request send failed|Service ?Unavailable|status ?code: 5\d\d/i,
  },
  {
    code: 'input-invalid',
    pattern:
      /backend configuration|Backend initialization|Unsupported backend|Missing region|S3 bucket .{0,80}does not exist|NoSuchBucket|Invalid Value|Missing Required Value/i,
    remedy: 'Correct terraform.backend in the estate (and the backend block of the module), then plan again.',
  },
  {
    code: 'input-invalid',
    pattern:
      /No value for required variable|Invalid value for (input )?variable|Unsupported argument|Unsupported attribute|Invalid reference|Reference to undeclared|Argument or block definition|Invalid expression/i,
    remedy: 'Correct terraform.variables or the variables of the target in the estate, or the module, then plan again.',
  },
];

/** Errors quoted in one message; all of them stand in the log. */
const MOST = 3;

/** What a failed command means: the lock's holder, credentials, a permission, an object that is there already, the network, bad values; else `program-failed`. */
export function failureOf(options: {
  readonly program: string;
  readonly command: string;
  readonly target: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly stderr: string;
  readonly code: number | null;
}): EksDrError {
  const { program, command, target, diagnostics, stderr, code } = options;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const shown = errors.slice(0, MOST).map(wordsOf).join('; ');
  const more = errors.length > MOST ? ` (and ${errors.length - MOST} more, see the log)` : '';
  const words = `${shown}${more}` || brief(stderr.trim()) || 'it said nothing';
  const everything = [...errors.map(({ summary, detail }) => `${summary}\n${detail}`), stderr].join('\n');

  const lock = lockIn(everything);
  if (lock !== null) return lockConflict(target, lock);
  // Text for people is broken into lines anywhere, behind the rule of a frame.
  const inOneLine = everything.replaceAll(/[\s│]+/gu, ' ');
  const rule = rules.find(({ pattern }) => pattern.test(inOneLine));
  const ended = code === null ? 'was ended by a signal' : `ended with exit status ${code}`;
  return new EksDrError(rule?.code ?? 'program-failed', {
    message: `${program} ${command} ${ended}: ${words}`,
    target,
    remedy: rule?.remedy,
  });
}

/** The state is locked by someone else. */
export function lockConflict(target: string, lock: Omit<LockHolder, 'holder'>): EksDrError {
  return new EksDrError('conflict', {
    message: `The Terraform state ${target} is locked by ${lock.who} since ${lock.created} (${lock.operation}, lock ${lock.id}).`,
    target,
    remedy: `Wait until ${lock.who} is done. If that process is dead for certain, set EKS_DR_BREAK_LOCK=${lock.id} and plan again: breaking the lock is then a change to approve.`,
  });
}

/** The lock information in an error of Terraform, or null. */
export function lockIn(text: string): Omit<LockHolder, 'holder'> | null {
  if (!/acquiring the state lock/i.test(text)) return null;
  const field = (name: string): string => new RegExp(`^[\\s│|]*${name}:[ \\t]*(.*)$`, 'mu').exec(text)?.[1]?.trim() ?? '';
  const id = field('ID');
  // Without lock information the lock could not even be tried: a matter of permission or network, decided by the rules.
  if (id === '') return null;
  return {
    id,
    who: field('Who') || 'unknown',
    operation: field('Operation') || 'unknown operation',
    created: field('Created') || 'unknown',
  };
}

function wordsOf({ summary, detail, address }: Diagnostic): string {
  return brief(`${address === null ? '' : `${address}: `}${summary}${detail === '' ? '' : `: ${detail}`}`);
}
