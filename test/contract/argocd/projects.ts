import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import type { ArgoCd } from '../subjects/argocd/argocd.ts';
import { unique } from '../unique.ts';
import { accepted, create, newPlace } from './things.ts';

const PATH = '/api/v1/projects';
const WILDCARD = { sourceRepos: ['*'], destinations: [{ server: 'https://a.example.com', namespace: '*' }] };

function post({ call }: ArgoCd, name: string, spec: object = WILDCARD, labels: object = {}, upsert?: boolean) {
  return call('POST', PATH, { body: { project: { metadata: { name, labels }, spec }, upsert } });
}

async function newProject(argocd: ArgoCd, spec: object = WILDCARD) {
  return accepted(await post(argocd, unique('project'), spec));
}

export const projects: readonly Assertion<ArgoCd>[] = [
  {
    title: 'creates a project as it was asked for, with a version',
    concern: 'writes',
    async holds(argocd) {
      const name = unique('project');
      const spec = { ...WILDCARD, roles: [{ name: 'viewer', policies: [`p, proj:${name}:viewer, applications, get, ${name}/*, allow`] }] };
      const made = accepted(await post(argocd, name, spec, { run: 'one' }));
      expect(made.spec).to.deep.equal(spec);
      expect(made.metadata).to.deep.include({ name, namespace: 'argocd', generation: 1, labels: { run: 'one' } });
      const read = accepted(await argocd.call('GET', `${PATH}/${name}`));
      expect(read.spec).to.deep.equal(spec);
      expect(read.metadata).to.deep.equal(made.metadata);
      const { items } = accepted(await argocd.call('GET', PATH));
      expect(items.find(({ metadata }: typeof made) => metadata.name === name)?.spec).to.deep.equal(spec);
    },
  },
  {
    title: 'takes a project of an equal spec again, and refuses another of its name with 400 and code 3',
    concern: 'conflicts',
    async holds(argocd) {
      const { metadata } = await newProject(argocd);
      const again = accepted(await post(argocd, metadata.name, WILDCARD, { other: 'label' }));
      expect(again.metadata.resourceVersion).to.equal(metadata.resourceVersion);
      const { status, body } = await post(argocd, metadata.name, { ...WILDCARD, description: 'another' });
      expect(status).to.equal(400);
      expect(body.code).to.equal(3);
      expect(body.message).to.equal(
        'existing project spec is different; use upsert flag to force update; difference in keys "Description"',
      );
    },
  },
  {
    title: 'replaces the spec, and nothing else, when asked to upsert a project',
    concern: 'conflicts',
    async holds(argocd) {
      const name = unique('project');
      accepted(await post(argocd, name, WILDCARD, { run: 'one' }));
      const replaced = accepted(await post(argocd, name, { sourceRepos: ['*'] }, { run: 'two' }, true));
      expect(replaced.spec).to.deep.equal({ sourceRepos: ['*'] });
      expect(replaced.metadata.labels).to.deep.equal({ run: 'one' });
    },
  },
  {
    title: 'replaces a project from its newest version only: 409 with code 10 from an older one',
    concern: 'conflicts',
    async holds(argocd) {
      const project = await newProject(argocd);
      const { name } = project.metadata;
      const put = (body: object) => argocd.call('PUT', `${PATH}/${name}`, { body: { project: body } });
      const wanted = {
        ...project,
        metadata: { ...project.metadata, labels: { run: 'two' } },
        spec: { ...project.spec, description: 'new' },
      };
      const updated = accepted(await put(wanted));
      expect(updated.spec).to.deep.equal(wanted.spec);
      expect(updated.metadata.labels).to.deep.equal({ run: 'two' });
      expect(updated.metadata.generation).to.equal(project.metadata.generation + 1);
      const stale = await put({ ...project, spec: { ...project.spec, description: 'late' } });
      expect(stale.status).to.equal(409);
      expect(stale.body.code).to.equal(10);
      const modified = 'the object has been modified; please apply your changes to the latest version and try again';
      expect(stale.body.message).to.equal(`Operation cannot be fulfilled on appprojects.argoproj.io "${name}": ${modified}`);
      const unversioned = await put({ ...updated, metadata: { name } });
      expect(unversioned.status).to.equal(400);
      expect(unversioned.body.code).to.equal(3);
      expect(unversioned.body.message).to.match(/metadata.resourceVersion: Invalid value: .*: must be specified for an update$/);
    },
  },
  {
    title: 'says that a project is not found: 404 with code 5',
    concern: 'not found',
    async holds(argocd) {
      const name = unique('missing');
      const project = { metadata: { name }, spec: WILDCARD };
      for (const answer of [
        await argocd.call('GET', `${PATH}/${name}`),
        await argocd.call('PUT', `${PATH}/${name}`, { body: { project } }),
        await argocd.call('DELETE', `${PATH}/${name}`),
      ]) {
        expect(answer.status).to.equal(404);
        expect(answer.body).to.include({ code: 5, message: `appprojects.argoproj.io "${name}" not found` });
      }
    },
  },
  {
    title: 'goes by the name in the address of a project, not by that in the body',
    concern: 'validation',
    async holds(argocd) {
      const project = await newProject(argocd);
      const elsewhere = unique('missing');
      const { body } = await argocd.call('PUT', `${PATH}/${elsewhere}`, { body: { project } });
      expect(body).to.include({ code: 5, message: `appprojects.argoproj.io "${elsewhere}" not found` });
    },
  },
  {
    title: 'deletes a project that nobody uses, and refuses to delete the default one',
    concern: 'writes',
    async holds(argocd) {
      const { metadata } = await newProject(argocd);
      expect(await argocd.call('DELETE', `${PATH}/${metadata.name}`)).to.deep.equal({ status: 200, body: {} });
      expect((await argocd.call('GET', `${PATH}/${metadata.name}`)).status).to.equal(404);
      const { status, body } = await argocd.call('DELETE', `${PATH}/default`);
      expect(status).to.equal(400);
      expect(body).to.include({ code: 3, message: "name 'default' is reserved and cannot be deleted" });
    },
  },
  {
    title: 'refuses to delete a project that is in use, or to change it so that its applications become invalid',
    concern: 'conflicts',
    async holds(argocd) {
      const place = await newPlace(argocd);
      const spec = { sourceRepos: ['*'], destinations: [{ server: argocd.destination.server, namespace: '*' }] };
      const project = accepted(await post(argocd, place.name, spec));
      accepted(await create(argocd, place.application({ project: place.name })));
      const put = (change: object) =>
        argocd.call('PUT', `${PATH}/${place.name}`, { body: { project: { ...project, spec: { ...spec, ...change } } } });
      for (const [answer, words] of [
        [await argocd.call('DELETE', `${PATH}/${place.name}`), 'project is referenced by 1 applications'],
        [await put({ destinations: [] }), 'as a result of project update 1 applications destination became invalid'],
        [await put({ sourceRepos: [] }), 'as a result of project update 1 applications source became invalid'],
      ] as const) {
        expect(answer.status).to.equal(400);
        expect(answer.body).to.include({ code: 3, message: words });
      }
    },
  },
  {
    title: 'refuses one destination twice, however it is called, and one repository twice',
    concern: 'validation',
    async holds(argocd) {
      const at = (server: string, name?: string) => ({ server, name, namespace: '*' });
      for (const [spec, words] of [
        [{ destinations: [at('https://a'), at('https://a')] }, "destination 'https://a/*' already added"],
        [{ destinations: [at('https://a', 'one'), at('https://a', 'two')] }, "destination 'https://a/*' already added"],
        [{ destinations: [at('!*')] }, "server has an invalid format, '!*'"],
        [{ sourceRepos: ['https://a', 'https://a'] }, "source repository 'https://a' already added"],
      ] as const) {
        const { status, body } = await post(argocd, unique('project'), spec);
        expect(status).to.equal(400);
        expect(body).to.include({ code: 3, message: words });
      }
      const byName = [
        { name: 'one', namespace: '*' },
        { name: 'two', namespace: '*' },
      ];
      expect((await newProject(argocd, { destinations: byName })).spec.destinations).to.deep.equal(byName);
    },
  },
  {
    title: 'refuses a role whose policy is malformed or reaches into another project, and one role twice',
    concern: 'validation',
    async holds(argocd) {
      const role = async (roles: (name: string) => object[]) => {
        const name = unique('project');
        return post(argocd, name, { ...WILDCARD, roles: roles(name) });
      };
      const policy = (object: string, effect: string) => (name: string) => [
        { name: 'r', policies: [`p, proj:${name}:r, applications, get, ${object === '' ? name : object}/*, ${effect}`] },
      ];
      const malformed = await role(policy('', 'maybe'));
      expect(malformed.status).to.equal(400);
      expect(malformed.body.message).to.match(/^invalid policy rule '.*': effect must be: 'allow' or 'deny'$/);
      const foreign = await role(policy('another', 'allow'));
      expect(foreign.status).to.equal(400);
      expect(foreign.body.message).to.match(/^invalid policy rule '.*': object must be of form /);
      const twice = await role(() => [{ name: 'r' }, { name: 'r' }]);
      expect(twice.status).to.equal(409);
      expect(twice.body).to.include({ code: 6, message: "role 'r' already exists" });
    },
  },
  {
    title: 'refuses a request without a project, and a name that Kubernetes would refuse',
    concern: 'validation',
    async holds(argocd) {
      const empty = await argocd.call('POST', PATH, { body: {} });
      expect(empty.status).to.equal(400);
      expect(empty.body).to.include({ code: 3, message: "missing payload 'project' in request" });
      const { status, body } = await post(argocd, 'Not_A_Name');
      expect(status).to.equal(400);
      expect(body.code).to.equal(3);
      expect(body.message).to.contain('AppProject.argoproj.io "Not_A_Name" is invalid: metadata.name: Invalid value: "Not_A_Name"');
    },
  },
];
