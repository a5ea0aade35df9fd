import { type Difference, readBytes } from './objects.ts';
import type { GitLabProject } from './state.ts';

/** One file of a diff as the API gives it. Hunks are coarse: the lines between the common start and end of the two versions. */
export function renderDiff(project: GitLabProject, change: Difference): Record<string, unknown> {
  return {
    old_path: change.path,
    new_path: change.path,
    a_mode: change.before === null ? '0' : '100644',
    b_mode: change.after === null ? '0' : '100644',
    new_file: change.before === null,
    renamed_file: false,
    deleted_file: change.after === null,
    generated_file: false,
    collapsed: false,
    too_large: false,
    diff: unified(lines(project, change.before), lines(project, change.after)),
  };
}

export function lineStats(project: GitLabProject, changes: readonly Difference[]): { additions: number; deletions: number; total: number } {
  let [additions, deletions] = [0, 0];
  for (const change of changes) {
    const hunk = changedLines(lines(project, change.before), lines(project, change.after));
    additions += hunk.added.length;
    deletions += hunk.removed.length;
  }
  return { additions, deletions, total: additions + deletions };
}

interface Hunk {
  readonly start: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

function changedLines(before: readonly string[], after: readonly string[]): Hunk {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return { start, removed: before.slice(start, before.length - end), added: after.slice(start, after.length - end) };
}

function unified(before: readonly string[], after: readonly string[]): string {
  const { start, removed, added } = changedLines(before, after);
  if (removed.length + added.length === 0) return '';
  const from = Math.max(0, start - 3);
  const context = before.slice(from, start);
  const tail = before.slice(start + removed.length, start + removed.length + 3);
  const size = context.length + tail.length;
  const range = (at: number, count: number): string => `${count === 0 ? at : at + 1},${count}`;
  const body = [
    ...context.map((line) => ` ${line}`),
    ...removed.map((line) => `-${line}`),
    ...added.map((line) => `+${line}`),
    ...tail.map((line) => ` ${line}`),
  ];
  return `@@ -${range(from, size + removed.length)} +${range(from, size + added.length)} @@\n${body.join('\n')}\n`;
}

function lines(project: GitLabProject, sha: string | null): string[] {
  const blob = sha === null ? undefined : project.blobs[sha];
  if (blob === undefined) return [];
  const text = readBytes(blob).toString('utf8');
  return text.replace(/\n$/, '').split('\n');
}
