import { expect } from 'chai';
import { restRoutes } from '../../sandbox/rest-routes.ts';

describe('sandbox: the routes of a REST API', () => {
  const routes = restRoutes([
    { method: 'GET', pattern: '/users/{id}', run: 'one' },
    { method: 'GET', pattern: '/users/self', run: 'self' },
    { method: 'POST', pattern: '/users/{id}', run: 'change' },
  ]);

  it('prefers a literal segment to a placeholder', () => {
    expect(routes.match({ method: 'GET', path: '/users/self' })?.route.run).to.equal('self');
    expect(routes.match({ method: 'GET', path: '/users/a%2Fb' })?.parameters).to.deep.equal({ id: 'a/b' });
    expect(routes.match({ method: 'DELETE', path: '/users/self' })).to.equal(null);
  });

  it('refuses a route that another one hides', () => {
    const one = { method: 'GET', pattern: '/users/{id}', run: 'one' };
    expect(() => restRoutes([one, { ...one, pattern: '/users/{name}' }])).to.throw('Two routes for GET /users/{name}');
  });
});
