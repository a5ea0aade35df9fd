import type { PlanDocument, ResourceChange } from '../../clients/terraform-types.ts';

/**
 * The plan as Terraform would make it if these objects were not tainted: they stay. What refers to them may still be shown with values that
 * are known only after apply; the plan that is made when the taints are gone knows more, and is held to this one.
 */
export function withoutTaints(plan: PlanDocument, addresses: readonly string[]): PlanDocument {
  const kept = ({ address, action_reason: reason, deposed }: ResourceChange): boolean =>
    reason === 'replace_because_tainted' && deposed === undefined && addresses.includes(address);
  return { ...plan, resource_changes: plan.resource_changes.map((entry) => (kept(entry) ? staying(entry) : entry)) };
}

function staying(entry: ResourceChange): ResourceChange {
  const { before, before_sensitive } = entry.change;
  const change = { ...entry.change, actions: ['no-op' as const], after: before, after_unknown: false, after_sensitive: before_sensitive };
  return { ...entry, action_reason: undefined, change };
}
