import type { Estate } from './estate/estate.ts';
import type { ApprovalRule } from './kit/approval.ts';
import type { Run } from './kit/run.ts';

/** The rule for one step: the step's own, over the drill's, over the default; `ask` where nothing is said. */
export function approvalRule(approvals: Estate['approvals'], mode: Run['mode'], step: string): ApprovalRule {
  const rules = [approvals.default, mode === 'drill' ? approvals.drill : {}, approvals.steps[step] ?? {}];
  const set = Object.assign(
    {},
    ...rules.map((rule) => Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined))),
  ) as Partial<ApprovalRule>;
  return {
    mode: set.mode ?? 'ask',
    approvers: set.approvers ?? [],
    timeoutMinutes: set.timeoutMinutes ?? 60,
    notTheStarter: set.notTheStarter ?? false,
  };
}
