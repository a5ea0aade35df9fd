import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import type { ArgoCd } from '../subjects/argocd/argocd.ts';
import { unique } from '../unique.ts';
import { accepted, create, newApplication, newPlace, type Place } from './things.ts';

/** That creating this application is refused with 400 and code 3, and that nothing came of it. */
async function refused(argocd: ArgoCd, place: Place, spec: Record<string, unknown>, words: RegExp): Promise<void> {
  const { status, body } = await create(argocd, place.application(spec));
  expect(status, JSON.stringify(body)).to.equal(400);
  expect(body.code).to.equal(3);
  expect(body.message).to.match(words);
  expect((await argocd.call('GET', `/api/v1/applications?name=${place.name}`)).body.items).to.equal(null);
}

export const validation: readonly Assertion<ArgoCd>[] = [
  {
    title: 'refuses an application of a project that does not exist, without saying that it doesn’t',
    concern: 'validation',
    async holds(argocd) {
      const project = unique('project');
      const words = new RegExp(`^app is not allowed in project "${project}", or the project does not exist$`);
      await refused(argocd, await newPlace(argocd), { project }, words);
      const place = await newApplication(argocd);
      const moved = await argocd.call('PUT', `/api/v1/applications/${place.name}`, { body: place.application({ project }) });
      expect(moved.status).to.equal(400);
      expect(moved.body.message).to.match(words);
    },
  },
  {
    title: 'refuses a destination that is unknown, missing, or named twice',
    concern: 'validation',
    async holds(argocd) {
      const place = await newPlace(argocd);
      const { namespace } = place;
      const { name, server } = argocd.destination;
      const cases: [object, RegExp][] = [
        [{ name: 'nowhere', namespace }, /there are no clusters with this name: nowhere$/],
        [{ server: 'https://nowhere.example.com', namespace }, /cluster "https:\/\/nowhere.example.com" not found$/],
        [{ name, server, namespace }, /application destination can't have both name and server defined: /],
        [{ namespace }, /Destination server missing from app spec$/],
      ];
      for (const [destination, words] of cases) {
        await refused(
          argocd,
          place,
          { destination },
          new RegExp(`^application destination spec for ${place.name} is invalid: .*${words.source}`),
        );
      }
    },
  },
  {
    title: 'refuses an application without a source, or with one that names neither path nor chart',
    concern: 'validation',
    async holds(argocd) {
      const place = await newPlace(argocd);
      const words = /InvalidSpecError: spec.source.repoURL and either spec.source.path or spec.source.chart are required/;
      await refused(argocd, place, { source: undefined }, words);
      await refused(argocd, place, { source: { repoURL: place.repository.url } }, words);
    },
  },
  {
    title: 'refuses a repository that it can’t read, a path that isn’t in it, and a revision that it doesn’t have',
    concern: 'validation',
    async holds(argocd) {
      const place = await newPlace(argocd);
      const source = { repoURL: place.repository.url, path: 'app', targetRevision: 'main' };
      const elsewhere = place.repository.url.replace('.git', '-none.git');
      await refused(argocd, place, { source: { ...source, repoURL: elsewhere } }, /InvalidSpecError: repository not accessible: /);
      await refused(
        argocd,
        place,
        { source: { ...source, path: 'nowhere' } },
        /Unable to generate manifests in nowhere: .*app path does not exist$/,
      );
      await refused(argocd, place, { source: { ...source, targetRevision: 'nowhere' } }, /unable to resolve 'nowhere' to a commit SHA$/);
    },
  },
  {
    title: 'takes a source unseen when told not to validate, but no unknown destination',
    concern: 'validation',
    async holds(argocd) {
      const place = await newPlace(argocd);
      const destination = { name: 'nowhere', namespace: place.namespace };
      const unknown = await create(argocd, place.application({ destination }), '?validate=false');
      expect(unknown.status).to.equal(400);
      const source = { repoURL: place.repository.url, path: 'nowhere' };
      expect(accepted(await create(argocd, place.application({ source }), '?validate=false')).spec.source).to.deep.equal(source);
    },
  },
  {
    title: 'refuses a name that Kubernetes would refuse with 400 and code 3',
    concern: 'validation',
    async holds(argocd) {
      const place = await newPlace(argocd);
      const { status, body } = await create(argocd, place.application({}, { name: 'Not_A_Name' }));
      expect(status).to.equal(400);
      expect(body.code).to.equal(3);
      expect(body.message).to.contain('Application.argoproj.io "Not_A_Name" is invalid: metadata.name: Invalid value: "Not_A_Name"');
    },
  },
  {
    title: 'refuses an application in another namespace as one that its project does not allow',
    concern: 'validation',
    async holds(argocd) {
      const place = await newPlace(argocd);
      const { status, body } = await create(argocd, place.application({}, { namespace: 'elsewhere' }));
      expect(status).to.equal(400);
      expect(body).to.include({ code: 3, message: 'app is not allowed in project "default", or the project does not exist' });
    },
  },
  {
    title: 'refuses sources and destinations that the project does not permit',
    concern: 'validation',
    async holds(argocd) {
      const place = await newPlace(argocd);
      const project = place.name;
      const spec = {
        sourceRepos: ['https://git.example.com/*'],
        destinations: [{ server: argocd.destination.server, namespace: 'other' }],
      };
      accepted(await argocd.call('POST', '/api/v1/projects', { body: { project: { metadata: { name: project }, spec } } }));
      const { status, body } = await create(argocd, place.application({ project }));
      expect(status).to.equal(400);
      const { url } = place.repository;
      expect(body.message).to.contain(`InvalidSpecError: application repo ${url} is not permitted in project '${project}'`);
      expect(body.message).to.contain(
        `InvalidSpecError: application destination server '${argocd.destination.name}' and namespace '${place.namespace}' do not match any of the allowed destinations in project '${project}'`,
      );
    },
  },
];
