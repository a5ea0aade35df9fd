import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { eventually } from '../eventually.ts';
import type { ArgoCd } from '../subjects/argocd/argocd.ts';
import { accepted, configMap, deployment, FORBIDDEN, get, isHealthy, liveConfigMap, newApplication, type Place, sync } from './things.ts';

const CASCADE = 'resources-finalizer.argocd.argoproj.io';
/** Keeps the application, once it is deleted, until an assertion lets it go. */
const HOLD = 'example.com/hold';

/** Deployed, and seen to be by the controller: what it hasn't seen yet it doesn't delete either. */
async function deployed(argocd: ArgoCd, finalizers: readonly string[] = []): Promise<Place> {
  const place = await newApplication(argocd, { metadata: finalizers.length > 0 ? { finalizers } : {} });
  accepted(await sync(argocd, place.name));
  await eventually(() => get(argocd, place.name), isHealthy);
  return place;
}

function remove({ call }: ArgoCd, name: string, query = '') {
  return call('DELETE', `/api/v1/applications/${name}${query}`);
}

function gone(argocd: ArgoCd, name: string) {
  return eventually(
    () => get(argocd, name),
    ({ status }) => status !== 200,
  );
}

export const deletion: readonly Assertion<ArgoCd>[] = [
  {
    title: 'deletes what was deployed first, and only then the application',
    concern: 'writes',
    async holds(argocd) {
      const { name, namespace } = await deployed(argocd);
      expect(await remove(argocd, name)).to.deep.equal({ status: 200, body: {} });
      expect(await gone(argocd, name)).to.deep.equal({ status: 403, body: FORBIDDEN });
      expect(await liveConfigMap(argocd, namespace, 'one')).to.equal(null);
    },
  },
  {
    title: 'keeps an application that another finalizer holds, marked as being deleted, after its objects are gone',
    concern: 'consistency',
    async holds(argocd) {
      const { name, namespace } = await deployed(argocd, [HOLD]);
      accepted(await remove(argocd, name));
      const { body } = await eventually(
        () => get(argocd, name),
        (answer) => answer.body.metadata.finalizers.length === 1,
      );
      expect(body.metadata.finalizers).to.deep.equal([HOLD]);
      expect(body.metadata.deletionTimestamp).to.be.a('string');
      expect(await liveConfigMap(argocd, namespace, 'one')).to.equal(null);
      const release = { patchType: 'merge', patch: '{"metadata":{"finalizers":null}}' };
      accepted(await argocd.call('PATCH', `/api/v1/applications/${name}`, { body: release }));
      await gone(argocd, name);
    },
  },
  {
    title: 'takes the deletion of what is being deleted again, but no sync of it: 400 with code 9',
    concern: 'conflicts',
    async holds(argocd) {
      const { name } = await newApplication(argocd, { metadata: { finalizers: [HOLD] } });
      accepted(await remove(argocd, name));
      expect((await remove(argocd, name)).status).to.equal(200);
      const { status, body } = await sync(argocd, name);
      expect(status).to.equal(400);
      expect(body).to.include({ code: 9, message: 'application is deleting' });
    },
  },
  {
    title: 'waits with the deletion until a running operation has ended, and ends it only when asked to',
    concern: 'conflicts',
    async holds(argocd) {
      const files = {
        'app/web.yaml': deployment('web', { nowhere: 'here' }),
        'app/one.yaml': configMap('one'),
        'app/later.yaml': configMap('later', { 'argocd.argoproj.io/sync-wave': '1' }),
      };
      const { name, namespace } = await newApplication(argocd, { files });
      accepted(await sync(argocd, name));
      await eventually(
        () => get(argocd, name),
        ({ body }) =>
          body.status.operationState?.message === 'waiting for healthy state of apps/Deployment/web' &&
          body.status.health.status === 'Progressing',
      );
      accepted(await remove(argocd, name));
      const waiting = accepted(await get(argocd, name));
      expect(waiting.metadata.deletionTimestamp).to.be.a('string');
      expect(waiting.operation).to.be.an('object');
      expect(await liveConfigMap(argocd, namespace, 'one')).to.not.equal(null);
      expect((await argocd.call('DELETE', `/api/v1/applications/${name}/operation`)).status).to.equal(200);
      await gone(argocd, name);
      expect(await liveConfigMap(argocd, namespace, 'one')).to.equal(null);
    },
  },
  {
    title: 'leaves what was deployed when told not to cascade, whatever finalizers say',
    concern: 'writes',
    async holds(argocd) {
      const { name, namespace } = await deployed(argocd, [CASCADE]);
      accepted(await remove(argocd, name, '?cascade=false'));
      await gone(argocd, name);
      expect(await liveConfigMap(argocd, namespace, 'one')).to.not.equal(null);
    },
  },
  {
    title: 'adds the finalizer of the propagation policy to those that are there',
    concern: 'writes',
    async holds(argocd) {
      for (const [policy, added] of [
        ['foreground', [`${CASCADE}/foreground`]],
        ['background', [`${CASCADE}/background`]],
        ['', []],
      ] as const) {
        // The finalizers can be seen while the controller holds still.
        const annotations = { 'argocd.argoproj.io/skip-reconcile': 'true' };
        const { name } = await newApplication(argocd, { metadata: { finalizers: [HOLD, CASCADE], annotations } });
        accepted(await remove(argocd, name, `?propagationPolicy=${policy}`));
        const { metadata } = accepted(await get(argocd, name));
        expect(metadata.finalizers).to.deep.equal([HOLD, CASCADE, ...added]);
        const release = { patchType: 'merge', patch: '{"metadata":{"annotations":null}}' };
        accepted(await argocd.call('PATCH', `/api/v1/applications/${name}`, { body: release }));
      }
    },
  },
  {
    title: 'refuses an unknown propagation policy, and any where nothing cascades, with 400 and code 3',
    concern: 'validation',
    async holds(argocd) {
      const { name } = await newApplication(argocd);
      const orphan = await remove(argocd, name, '?propagationPolicy=orphan');
      expect(orphan.status).to.equal(400);
      expect(orphan.body).to.include({ code: 3, message: 'invalid propagation policy: orphan' });
      const both = await remove(argocd, name, '?propagationPolicy=foreground&cascade=false');
      expect(both.status).to.equal(400);
      expect(both.body).to.include({ code: 3, message: 'cannot set propagation policy when cascading is disabled' });
      expect((await get(argocd, name)).body.metadata).to.not.have.property('deletionTimestamp');
    },
  },
  {
    title: 'neither compares nor deletes what it is told to skip, until the annotation is gone',
    concern: 'consistency',
    async holds(argocd) {
      const annotations = { 'argocd.argoproj.io/skip-reconcile': 'true' };
      const { name } = await newApplication(argocd, { metadata: { annotations } });
      accepted(await remove(argocd, name));
      const held = accepted(await get(argocd, name));
      expect(held.metadata.deletionTimestamp).to.be.a('string');
      expect(held.status.sync?.status ?? '').to.equal('');
      const release = { patchType: 'merge', patch: '{"metadata":{"annotations":null}}' };
      accepted(await argocd.call('PATCH', `/api/v1/applications/${name}`, { body: release }));
      await gone(argocd, name);
    },
  },
];
