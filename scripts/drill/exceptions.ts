import type { WorldDifference } from './differences.ts';

/** Something new that a clean-up leaves on purpose. What was there before is never excepted. */
interface Exception {
  /** The path of the difference, as `worldDifferences` gives it. */
  readonly path: RegExp;
  readonly reason: string;
}

/** What differs between the world before a drill and after its clean-up (or a recovery and its failback), and why that is right. */
export const exceptions: readonly Exception[] = [
  {
    path: /^gitlab > [^>]+ > mergeRequests > \d+$/,
    reason: 'History stays: the merge of the recovery and the one that took it back can be read in GitLab.',
  },
  {
    path: /^s3 > buckets > [^>]+ > keys > eks-dr\/(drill|recover)-[^>]+\.tfstate$/,
    reason: 'Terraform leaves the state of what it destroyed behind, empty.',
  },
];

/** The differences that no exception explains. */
export function unexplained(differences: readonly WorldDifference[]): readonly WorldDifference[] {
  return differences.filter(({ path, before }) => before !== undefined || !exceptions.some((exception) => exception.path.test(path)));
}
