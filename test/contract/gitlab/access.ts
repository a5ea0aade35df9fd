import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { eventually } from '../eventually.ts';
import type { GitLab } from './gitlab.ts';
import { DOCS, given, message, refused, SOURCE } from './things.ts';

const AUTHENTICATION = `${DOCS}/rest/authentication/`;
const LIMITS = 'https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/';

export const access: readonly Assertion<GitLab>[] = [
  {
    title: 'takes a personal access token in PRIVATE-TOKEN, or as a bearer token',
    concern: 'authentication',
    source: AUTHENTICATION,
    async holds({ ask, ids }) {
      expect((await given(ask('GET', '/user'))).id).to.equal(ids.developer);
      const headers = { Authorization: 'Bearer glpat-maintainer' };
      expect((await given(ask('GET', '/user', { as: null, headers }))).id).to.equal(ids.maintainer);
    },
  },
  {
    title: 'refuses an unknown token with 401 Unauthorized',
    concern: 'authentication',
    source: AUTHENTICATION,
    holds: ({ ask }) =>
      refused(ask('GET', '/user', { as: null, headers: { 'PRIVATE-TOKEN': 'glpat-nobody' } }), 401, message('401 Unauthorized')),
  },
  {
    title: 'refuses with 401 to tell who is asking without a token',
    concern: 'authentication',
    source: `${DOCS}/rest/troubleshooting/#status-codes`,
    holds: ({ ask }) => refused(ask('GET', '/user', { as: null }), 401, message('401 Unauthorized')),
  },
  {
    title: 'shows a private project to nobody without a token: 404, not 401',
    concern: 'authentication',
    source: `${SOURCE}/spec/requests/api/repositories_spec.rb`,
    async holds({ ask, project }) {
      await refused(ask('GET', project, { as: null }), 404, message('404 Project Not Found'));
      await refused(ask('GET', `${project}/repository/tree`, { as: null }), 404, message('404 Project Not Found'));
      expect(await given(ask('GET', '/projects', { as: null }))).to.deep.equal([]);
    },
  },
  {
    title: 'refuses a write without a token with 401',
    concern: 'authentication',
    source: `${SOURCE}/lib/api/merge_requests.rb`,
    holds: ({ ask, project }) =>
      refused(ask('POST', `${project}/merge_requests`, { as: null, body: {} }), 401, message('401 Unauthorized')),
  },
  {
    title: 'refuses the code of a private project to a guest with 403',
    concern: 'authentication',
    source: 'https://docs.gitlab.com/user/permissions/#repository',
    async holds({ ask, project }) {
      await given(ask('GET', project, { as: 'guest' }));
      expect((await ask('GET', `${project}/repository/tree`, { as: 'guest' })).status).to.equal(403);
    },
  },
  {
    title: 'says for a project that does not exist what it says for one that the token may not see',
    concern: 'not found',
    source: `${DOCS}/rest/troubleshooting/#status-codes`,
    async holds({ ask }) {
      await refused(ask('GET', '/projects/nobody%2Fnothing'), 404, message('404 Project Not Found'));
      await refused(ask('GET', '/projects/999999/repository/branches'), 404, message('404 Project Not Found'));
    },
  },
  {
    title: 'finds a project by its number as well as by its path',
    concern: 'reads',
    source: `${DOCS}/rest/#namespaced-paths`,
    async holds({ ask, project }) {
      const found = await given(ask('GET', project));
      expect(found).to.include({ path_with_namespace: 'contract/app', default_branch: 'main', visibility: 'private' });
      expect(await given(ask('GET', `/projects/${found.id}`))).to.deep.equal(found);
    },
  },
  {
    title: 'tells the access level of a member, and 404 for who is none',
    concern: 'reads',
    source: `${DOCS}/project_members/`,
    async holds({ ask, project, ids }) {
      expect(await given(ask('GET', `${project}/members/all/${ids.developer}`))).to.include({ username: 'developer', access_level: 30 });
      expect((await ask('GET', `${project}/members/all/999999`)).status).to.equal(404);
    },
  },
  {
    title: 'tells with every answer how much may still be asked in this minute',
    concern: 'limits',
    source: LIMITS,
    async holds({ ask }) {
      const { headers } = await ask('GET', '/user');
      for (const name of ['limit', 'observed', 'remaining', 'reset']) expect(headers.get(`ratelimit-${name}`), name).to.match(/^\d+$/);
      expect(headers.get('ratelimit-name')).to.be.a('string');
    },
  },
  {
    title: 'refuses what exceeds the rate limit with 429, plain text, and Retry-After in seconds',
    concern: 'limits',
    source: LIMITS,
    async holds({ ask, exhaust }) {
      const answer = await eventually(
        () => {
          exhaust();
          return ask('GET', '/user', { as: 'limited' });
        },
        // The minute may end in between.
        ({ status }) => status === 429,
      );
      expect(answer.body).to.equal('Retry later\n');
      expect(answer.headers.get('content-type')).to.match(/^text\/plain/);
      expect(Number(answer.headers.get('retry-after'))).to.be.at.least(1);
      expect(answer.headers.get('ratelimit-remaining')).to.equal('0');
    },
  },
];
