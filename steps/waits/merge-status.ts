/** What GitLab's `detailed_merge_status` asks of us: go on, wait for GitLab, wait for a person, or nothing will help. */
export type MergeStatus =
  | { readonly kind: 'mergeable' }
  | { readonly kind: 'checking'; readonly reason: string }
  | { readonly kind: 'person'; readonly reason: string }
  | { readonly kind: 'stuck'; readonly reason: string };

const checking: Readonly<Record<string, string>> = {
  preparing: 'GitLab prepares the merge request',
  unchecked: 'GitLab has not checked yet whether it can be merged',
  checking: 'GitLab checks whether it can be merged',
  approvals_syncing: 'GitLab works out the approvals',
  ci_still_running: 'its pipeline is still running',
};

const person: Readonly<Record<string, string>> = {
  ci_must_pass: 'its pipeline must pass',
  not_approved: 'it waits for approval',
  draft_status: 'it is marked as draft',
  discussions_not_resolved: 'it has open discussions',
  requested_changes: 'a reviewer has requested changes',
  commits_status: 'its source branch must have commits',
  merge_request_blocked: 'another merge request blocks it',
  security_policy_violations: 'it violates a security policy',
  locked_paths: 'it touches locked paths',
  locked_lfs_files: 'it touches locked LFS files',
  jira_association_missing: 'it must name a Jira issue',
  status_checks_must_pass: 'its external status checks must pass',
  merge_time: 'it may not be merged before a set time',
};

const stuck: Readonly<Record<string, string>> = {
  conflict: 'it conflicts with the target branch',
  need_rebase: 'it must be rebased onto the target branch',
  not_open: 'it is not open any more',
};

/** The documented states of GitLab's API. New ones appear with releases: an unknown one is shown to people as it is. */
export function mergeStatus(detailed: string | null | undefined): MergeStatus {
  if (detailed === 'mergeable') return { kind: 'mergeable' };
  const known = detailed ?? 'unchecked';
  const waiting = checking[known];
  if (waiting !== undefined) return { kind: 'checking', reason: waiting };
  const hopeless = stuck[known];
  if (hopeless !== undefined) return { kind: 'stuck', reason: hopeless };
  return { kind: 'person', reason: person[known] ?? `GitLab says ${known}` };
}
