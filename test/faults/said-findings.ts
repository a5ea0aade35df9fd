import { exitStatus } from '../../steps/kit/errors.ts';
import type { FaultCase } from './cases.ts';
import type { Fault } from './fault-list.ts';
import type { FaultResult } from './play-case.ts';
import { secretsIn } from './secrets-in.ts';

export interface Context {
  readonly each: FaultCase;
  readonly ending: FaultResult['ending'];
  readonly environment: Readonly<Record<string, string>>;
}

/** A line for people may quote others, briefly. */
const LONGEST_LINE = 900;

const names: Readonly<Record<string, RegExp>> = {
  argocd: /Argo CD/,
  gitlab: /GitLab/,
  kubernetes: /Kubernetes/,
  vault: /Vault/,
};

/** What is wrong with the words in which a phase ended: on stderr a reason, where, and the way on; nothing else than words for people. */
export function saidFindings(said: string, { says }: Pick<Fault, 'says'>, { each, ending, environment }: Context): string[] {
  const lines = said.split('\n');
  const reasonAt = lines.findIndex((line, index) => line.startsWith(`${each.step}: `) && lines[index + 1]?.startsWith('  -> ') === true);
  const reasons = reasonAt === -1 ? '' : lines.slice(reasonAt).join('\n');
  const where = each.by === 'program' || each.system === 's3' ? /terraform|AWS/i : (names[each.system] ?? /AWS/);
  const failed = ending in exitStatus;
  return [
    ...(lines.some((line) => /^\s+at .*(:\d+:\d+\)?|\(.+\))$/.test(line)) ? ['a stack trace was shown'] : []),
    ...(/\bundefined\b|\[object /.test(said) ? [`it said "undefined" or "[object": ${matching(lines, /\bundefined\b|\[object /)}`] : []),
    ...(/<(!doctype|html|body|\?xml)/i.test(said) ? [`it quoted a page: ${matching(lines, /<(!doctype|html|body|\?xml)/i)}`] : []),
    ...lines.filter((line) => line.length > LONGEST_LINE).map((line) => `a line of ${line.length} characters: ${line.slice(0, 200)}…`),
    ...secretsIn(said, environment).map((name) => `${name} was shown`),
    ...(failed && reasonAt === -1 ? ['no reason with a way on was shown'] : []),
    ...(failed && reasonAt !== -1 && !where.test(reasons)
      ? [`the reason does not say where: ${reasons.trim().replaceAll('\n', ' | ')}`]
      : []),
    ...(failed && reasonAt !== -1 && says !== undefined && !says.test(reasons)
      ? [`the way on does not say ${says}: ${reasons.trim().replaceAll('\n', ' | ')}`]
      : []),
  ];
}

function matching(lines: readonly string[], pattern: RegExp): string {
  return lines.find((line) => pattern.test(line))?.slice(0, 300) ?? '';
}
