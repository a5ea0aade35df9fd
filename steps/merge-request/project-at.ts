/** The path of a GitLab project by an address of its repository; null for what lies elsewhere. */
export function projectAt(repoURL: string, gitlabUrl: string): string | null {
  const host = new URL(gitlabUrl).hostname;
  const address = /^(?:https?:\/\/(?:[^@/]+@)?|ssh:\/\/(?:[^@/]+@)?|[^@/:]+@)(?<host>[^/:]+)(?::\d+)?[:/]+(?<path>.+?)(?:\.git)?\/*$/.exec(
    repoURL,
  )?.groups;
  return address?.host === host ? (address.path ?? null) : null;
}
