/** One place in which two worlds differ: `gitlab.projects.platform/argocd-apps.branches`, and what stands there. */
export interface WorldDifference {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Every leaf in which two dumps differ, in the order of the paths. Things that exist in one only are one difference. */
export function worldDifferences(before: unknown, after: unknown, path = ''): readonly WorldDifference[] {
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) {
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
  }
  if (isTextList(before) && isTextList(after)) return membersThatDiffer(before, after, path);
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return keys.flatMap((key) => worldDifferences(before[key], after[key], path === '' ? key : `${path} > ${key}`));
}

// A list of texts is a set: one that is new must not shift all others.
function membersThatDiffer(before: readonly string[], after: readonly string[], path: string): readonly WorldDifference[] {
  const gone = before
    .filter((member) => !after.includes(member))
    .map((member) => ({ path: `${path} > ${member}`, before: member, after: undefined }));
  const come = after
    .filter((member) => !before.includes(member))
    .map((member) => ({ path: `${path} > ${member}`, before: undefined, after: member }));
  return [...gone, ...come];
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((member) => typeof member === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** For people: the path and both values, cut to a line. */
export function differenceText({ path, before, after }: WorldDifference): string {
  return `${path}: ${short(before)} -> ${short(after)}`;
}

function short(value: unknown): string {
  if (value === undefined) return '(nothing)';
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
