import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import type { ArgoCd } from '../subjects/argocd/argocd.ts';
import { FORBIDDEN } from './things.ts';

/** The server as such: who may ask, in which form, and what it says of itself. */
export const server: readonly Assertion<ArgoCd>[] = [
  {
    title: 'tells its version to anybody',
    concern: 'reads',
    async holds({ call }) {
      const { status, body } = await call('GET', '/api/version', { token: null });
      expect(status).to.equal(200);
      expect(body.Version).to.match(/^v3\.\d+\.\d+/);
    },
  },
  {
    title: 'refuses a request without a token with 401 and code 16',
    concern: 'authentication',
    async holds({ call }) {
      const { status, body } = await call('GET', '/api/v1/clusters', { token: null });
      expect(status).to.equal(401);
      expect(body).to.deep.equal({ error: 'no session information', code: 16, message: 'no session information' });
    },
  },
  {
    title: 'refuses a token that it did not sign with 401 and code 16',
    concern: 'authentication',
    async holds({ call }) {
      const forged = `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${Buffer.from('{"sub":"admin"}').toString('base64url')}.c2lnbmVk`;
      for (const token of ['nonsense', forged]) {
        const { status, body } = await call('GET', '/api/v1/applications', { token });
        expect(status).to.equal(401);
        expect(body.code).to.equal(16);
      }
    },
  },
  {
    title: 'tells who asks, and that nobody does when there is no valid token',
    concern: 'authentication',
    async holds({ call }) {
      expect((await call('GET', '/api/v1/session/userinfo')).body).to.include({ loggedIn: true, username: 'admin', iss: 'argocd' });
      for (const token of [null, 'nonsense']) {
        expect(await call('GET', '/api/v1/session/userinfo', { token })).to.deep.equal({ status: 200, body: {} });
      }
    },
  },
  {
    title: 'refuses a change that is not declared as JSON with 415, one without a body too',
    concern: 'validation',
    async holds({ call }) {
      const untyped = await call('DELETE', '/api/v1/applications/nothing', { contentType: null });
      expect(untyped).to.deep.equal({ status: 415, body: 'Invalid content type\n' });
      expect((await call('POST', '/api/v1/applications', { contentType: 'text/plain', body: '{}' })).status).to.equal(415);
    },
  },
  {
    title: 'refuses a body that is no JSON object with 400 and code 3',
    concern: 'validation',
    async holds({ call }) {
      for (const body of ['{', '[]', '7']) {
        const answer = await call('POST', '/api/v1/applications', { body });
        expect(answer.status).to.equal(400);
        expect(answer.body.code).to.equal(3);
      }
    },
  },
  {
    title: 'answers whether the caller may do something with yes or no',
    concern: 'reads',
    async holds({ call }) {
      const able = async (path: string) => (await call('GET', `/api/v1/account/can-i/${path}`)).body;
      expect(await able('clusters/create/*')).to.deep.equal({ value: 'yes' });
      expect(await able('projects/update/default')).to.deep.equal({ value: 'yes' });
      // A subresource may hold slashes: project and application.
      expect(await able('applications/sync/default/any')).to.deep.equal({ value: 'yes' });
    },
  },
  {
    title: 'refuses to say whether the caller may do what there is not with 400 and code 3',
    concern: 'validation',
    async holds({ call }) {
      for (const path of ['nothing/create/*', 'clusters/fly/*']) {
        const { status, body } = await call('GET', `/api/v1/account/can-i/${path}`);
        expect(status).to.equal(400);
        expect(body.code).to.equal(3);
        expect(body.message).to.match(/does not contain (nothing|fly)$/);
      }
    },
  },
  {
    title: 'tells its settings by which an application is tracked',
    concern: 'reads',
    async holds({ call }) {
      expect((await call('GET', '/api/v1/settings')).body).to.include({
        trackingMethod: 'annotation',
        appLabelKey: 'app.kubernetes.io/instance',
      });
    },
  },
  {
    title: 'gives the list of repositories, and refuses one that is not in it like one that is forbidden',
    concern: 'reads',
    async holds({ call }) {
      const { status, body } = await call('GET', '/api/v1/repositories');
      expect(status).to.equal(200);
      expect(body.items === null || Array.isArray(body.items)).to.equal(true);
      const missing = await call('GET', `/api/v1/repositories/${encodeURIComponent('https://git.example.com/none.git')}`);
      expect(missing).to.deep.equal({ status: 403, body: FORBIDDEN });
    },
  },
];
