import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { unique } from '../unique.ts';
import type { Answer, GitLab } from './gitlab.ts';
import { DOCS, error, given, listed, message, refused, SOURCE } from './things.ts';

const OFFSET = `${DOCS}/rest/#offset-based-pagination`;
const TREE = `${DOCS}/repositories/#list-repository-tree`;

const tree = ({ project }: GitLab, query = ''): string => `${project}/repository/tree?ref=frozen&${query}`;
const header = ({ headers }: Answer, name: string): string | null => headers.get(name);

/** Five branches of one name's beginning, and the path that lists them. */
async function fiveBranches({ ask, project }: GitLab): Promise<string> {
  const prefix = unique('page');
  for (let index = 0; index < 5; index += 1)
    await given(ask('POST', `${project}/repository/branches`, { body: { branch: `${prefix}-${index}`, ref: 'main' } }), 201);
  return `${project}/repository/branches?search=${prefix}`;
}

/** The address behind `rel` in the Link header, relative to the API. */
function linked(gitlab: GitLab, answer: Answer, rel: string): string | undefined {
  const links = (header(answer, 'link') ?? '').split(', ').map((link) => /^<(.*)>; rel="(.*)"$/.exec(link));
  return links.find((link) => link?.[2] === rel)?.[1]?.slice(gitlab.address.length);
}

export const paging: readonly Assertion<GitLab>[] = [
  {
    title: 'pages by number, and tells the neighbours and totals in headers',
    concern: 'paging',
    source: OFFSET,
    async holds(gitlab) {
      const answer = await gitlab.ask('GET', `${await fiveBranches(gitlab)}&per_page=2&page=2`);
      expect(answer.body).to.have.length(2);
      const found = ['page', 'per-page', 'next-page', 'prev-page', 'total', 'total-pages'].map((name) => header(answer, `x-${name}`));
      expect(found).to.deep.equal(['2', '2', '3', '1', '5', '3']);
    },
  },
  {
    title: 'links the first, previous, next and last page, and the links lead through everything once',
    concern: 'paging',
    source: `${DOCS}/rest/#pagination-link-header`,
    async holds(gitlab) {
      const path = await fiveBranches(gitlab);
      const names: unknown[] = [];
      let last: Answer | undefined;
      for (let at: string | undefined = `${path}&per_page=2`; at !== undefined; at = linked(gitlab, last, 'next')) {
        last = await gitlab.ask('GET', at);
        names.push(...(last.body as { name: string }[]).map(({ name }) => name));
        for (const rel of ['first', 'last']) expect(linked(gitlab, last, rel), rel).to.be.a('string');
      }
      expect(names).to.have.length(5);
      expect(new Set(names).size).to.equal(5);
      expect(last === undefined ? '' : linked(gitlab, last, 'prev')).to.be.a('string');
    },
  },
  {
    title: 'gives 20 a page unless told otherwise, and never more than 100',
    concern: 'paging',
    source: OFFSET,
    async holds(gitlab) {
      const path = await fiveBranches(gitlab);
      expect(header(await gitlab.ask('GET', path), 'x-per-page')).to.equal('20');
      expect(header(await gitlab.ask('GET', `${path}&per_page=1000`), 'x-per-page')).to.equal('100');
    },
  },
  {
    title: 'has nothing on a page beyond the last, and no next page',
    concern: 'paging',
    source: OFFSET,
    async holds(gitlab) {
      const answer = await gitlab.ask('GET', `${await fiveBranches(gitlab)}&page=9`);
      expect(answer).to.deep.include({ status: 200, body: [] });
      expect(header(answer, 'x-next-page')).to.equal('');
    },
  },
  {
    title: 'does not count commits: no totals, and a further page after every full one',
    concern: 'paging',
    source: `${SOURCE}/lib/api/commits.rb`,
    async holds(gitlab) {
      const at = (query: string) => gitlab.ask('GET', `${gitlab.project}/repository/commits?ref_name=frozen&${query}`);
      const full = await at('per_page=2');
      expect(full.body).to.have.length(2);
      expect([header(full, 'x-total'), header(full, 'x-total-pages'), header(full, 'x-next-page')]).to.deep.equal([null, null, '2']);
      const last = await at('per_page=2&page=2');
      expect([last.body, header(last, 'x-next-page'), linked(gitlab, last, 'next')]).to.deep.equal([[], '', undefined]);
    },
  },
  {
    title: 'lists a folder: entries with id, name, type, path and mode, folders before files',
    concern: 'reads',
    source: TREE,
    async holds(gitlab) {
      const entries = await listed(gitlab.ask('GET', tree(gitlab, 'path=docs')));
      expect(entries.map(({ id: _id, ...rest }) => rest)).to.deep.equal([
        { name: 'deep', type: 'tree', path: 'docs/deep', mode: '040000' },
        { name: 'a.md', type: 'blob', path: 'docs/a.md', mode: '100644' },
        { name: 'b.md', type: 'blob', path: 'docs/b.md', mode: '100644' },
      ]);
    },
  },
  {
    title: 'lists a tree with everything below where asked, all folders first, in one answer with pagination=none',
    concern: 'reads',
    source: TREE,
    async holds(gitlab) {
      const answer = await gitlab.ask('GET', tree(gitlab, 'recursive=true&pagination=none&per_page=1'));
      const paths = (answer.body as { path: string }[]).map(({ path }) => path);
      expect(paths).to.deep.equal(['docs', 'docs/deep', 'README.md', 'docs/a.md', 'docs/b.md', 'docs/deep/c.md']);
      expect(header(answer, 'x-page')).to.equal(null);
    },
  },
  {
    title: 'lists everything only with everything below',
    concern: 'validation',
    source: `${SOURCE}/spec/requests/api/repositories_spec.rb`,
    async holds(gitlab) {
      const words = 'pagination cannot be "none" unless "recursive" is true';
      await refused(gitlab.ask('GET', tree(gitlab, 'pagination=none')), 400, error(words));
      await refused(gitlab.ask('GET', tree(gitlab, 'pagination=some')), 400, error('pagination does not have a valid value'));
    },
  },
  {
    title: 'pages a tree by key: the link leads to the next page and is not there on the last, which has no totals',
    concern: 'paging',
    source: `${DOCS}/rest/#keyset-based-pagination`,
    async holds(gitlab) {
      const paths: string[] = [];
      for (let at: string | undefined = tree(gitlab, 'recursive=true&pagination=keyset&per_page=4'); at !== undefined; ) {
        const answer: Answer = await gitlab.ask('GET', at);
        paths.push(...(answer.body as { path: string }[]).map(({ path }) => path));
        expect(header(answer, 'x-total')).to.equal(null);
        at = linked(gitlab, answer, 'next');
      }
      expect(paths).to.have.length(6);
      expect(new Set(paths).size).to.equal(6);
    },
  },
  {
    title: 'takes the id of an entry for the page that begins after it',
    concern: 'paging',
    source: `${SOURCE}/spec/requests/api/repositories_spec.rb`,
    async holds(gitlab) {
      const [first, second] = await listed(gitlab.ask('GET', tree(gitlab, 'path=docs&pagination=keyset')));
      const after = await listed(gitlab.ask('GET', tree(gitlab, `path=docs&pagination=keyset&page_token=${first?.id}`)));
      expect(after[0]).to.deep.equal(second);
    },
  },
  {
    title: 'tells a folder that does not exist from a ref that does not exist',
    concern: 'not found',
    source: `${SOURCE}/spec/requests/api/repositories_spec.rb`,
    async holds(gitlab) {
      await refused(gitlab.ask('GET', tree(gitlab, 'path=nowhere')), 404, message('404 invalid revision or path Not Found'));
      await refused(gitlab.ask('GET', `${gitlab.project}/repository/tree?ref=nowhere`), 404, message('404 Tree Not Found'));
    },
  },
];
