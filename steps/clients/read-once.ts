import type { GitLab } from './gitlab.ts';
import { memoised } from './memoised.ts';

/**
 * A GitLab that is asked once for what changes from moment to moment. For planning alone: a plan is a picture of one moment, and the step
 * looks at the same branch and request as the drivers do. Applying looks again.
 */
export function readOnce(gitlab: GitLab): GitLab {
  return {
    ...gitlab,
    branch: remembering(gitlab.branch),
    tree: remembering(gitlab.tree),
    mergeBase: remembering(gitlab.mergeBase),
    mergeRequests: remembering(gitlab.mergeRequests),
  };
}

function remembering<Args extends readonly unknown[], Value>(read: (...args: Args) => Promise<Value>): (...args: Args) => Promise<Value> {
  const known = memoised((key: string) => read(...(JSON.parse(key) as Args)));
  return (...args) => known(JSON.stringify(args));
}
