import { expect } from 'chai';
import { eventually } from '../eventually.ts';
import { unique } from '../unique.ts';
import type { Answer, GitLab } from './gitlab.ts';

export const DOCS = 'https://docs.gitlab.com/api';
/** Where the words of refusals stand that the documentation leaves out. */
export const SOURCE = 'https://gitlab.com/gitlab-org/gitlab/-/blob/master';

export type Fields = Readonly<Record<string, unknown>>;

/** The object that a call must be answered with. */
export async function given(answering: Promise<Answer>, status = 200): Promise<Fields> {
  const { status: found, body } = await answering;
  expect(found, JSON.stringify(body)).to.equal(status);
  return body as Fields;
}

export async function listed(answering: Promise<Answer>): Promise<readonly Fields[]> {
  return (await given(answering)) as unknown as readonly Fields[];
}

/** A call must end with exactly this status and body. */
export async function refused(answering: Promise<Answer>, status: number, body: unknown): Promise<void> {
  const { status: found, body: words } = await answering;
  expect({ status: found, body: words }).to.deep.equal({ status, body });
}

export const message = (words: unknown): Fields => ({ message: words });
export const error = (words: string): Fields => ({ error: words });

/** A new branch off `main` with one new file of its own. */
export async function branchWithFile({ ask, project }: GitLab, content = 'text\n'): Promise<{ branch: string; path: string; sha: string }> {
  const [branch, path] = [unique('branch'), `${unique('file')}.txt`];
  const body = { branch, start_branch: 'main', commit_message: 'Add', actions: [{ action: 'create', file_path: path, content }] };
  const commit = await given(ask('POST', `${project}/repository/commits`, { body }), 201);
  return { branch, path, sha: String(commit.id) };
}

export interface OpenedRequest {
  readonly branch: string;
  readonly path: string;
  readonly sha: string;
  /** The path of its resources. */
  readonly at: string;
  readonly iid: number;
}

/** A merge request from a branch of its own into `main`, as soon as its mergeability is known. */
export async function openedRequest(gitlab: GitLab): Promise<OpenedRequest> {
  const { ask, project } = gitlab;
  const source = await branchWithFile(gitlab);
  const body = { source_branch: source.branch, target_branch: 'main', title: `Merge ${source.branch}` };
  const { iid } = await given(ask('POST', `${project}/merge_requests`, { body }), 201);
  const at = `${project}/merge_requests/${iid}`;
  await checked(gitlab, at);
  return { ...source, at, iid: Number(iid) };
}

/** The merge request once GitLab has worked out whether it can be merged. */
export function checked({ ask }: GitLab, at: string): Promise<Fields> {
  const pending = ['preparing', 'unchecked', 'checking'];
  return eventually(
    () => given(ask('GET', at)),
    ({ detailed_merge_status: status }) => !pending.includes(String(status)),
  );
}

export async function approvedRequest(gitlab: GitLab): Promise<OpenedRequest> {
  const request = await openedRequest(gitlab);
  await given(gitlab.ask('POST', `${request.at}/approve`, { as: 'maintainer' }), 201);
  return request;
}
