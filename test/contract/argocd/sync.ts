import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { eventually } from '../eventually.ts';
import type { ArgoCd } from '../subjects/argocd/argocd.ts';
import { accepted, configMap, deployment, get, hasEnded, isHealthy, liveConfigMap, newApplication, type Place, sync } from './things.ts';

const BUSY = 'another operation is already in progress';

/** A sync that doesn't end by itself: what its first wave brings is never healthy. */
const STUCK = {
  'app/web.yaml': deployment('web', { nowhere: 'here' }),
  'app/later.yaml': configMap('later', { 'argocd.argoproj.io/sync-wave': '1' }),
};

async function synced(argocd: ArgoCd, { name }: Place, body: object = {}) {
  accepted(await sync(argocd, name, body));
  return (await eventually(() => get(argocd, name), hasEnded)).body;
}

export const syncs: readonly Assertion<ArgoCd>[] = [
  {
    title: 'answers a sync with the operation, its revision resolved to a commit',
    concern: 'writes',
    async holds(argocd) {
      const place = await newApplication(argocd);
      const commit = await place.repository.commit({ 'app/two.yaml': configMap('two') });
      const { operation } = accepted(await sync(argocd, place.name, { revision: 'main', prune: true }));
      expect(operation.sync).to.deep.include({ revision: commit, prune: true });
      expect(operation.initiatedBy).to.deep.equal({ username: 'admin' });
    },
  },
  {
    title: 'tells of a sync what became of each object, at which commit, and keeps it in the history',
    concern: 'reads',
    async holds(argocd) {
      const place = await newApplication(argocd);
      const { status } = await synced(argocd, place);
      const { operationState: state } = status;
      expect(state).to.include({ phase: 'Succeeded', message: 'successfully synced (all tasks run)' });
      expect(state.syncResult.revision).to.match(/^[0-9a-f]{40}$/);
      expect(state.syncResult.source).to.include({ path: 'app', targetRevision: 'main' });
      expect(state.syncResult.resources).to.deep.equal([
        {
          group: '',
          version: 'v1',
          kind: 'ConfigMap',
          namespace: place.namespace,
          name: 'one',
          status: 'Synced',
          message: 'configmap/one created',
          hookPhase: 'Running',
          syncPhase: 'Sync',
        },
      ]);
      expect(status.history).to.have.length(1);
      expect(status.history[0]).to.deep.include({ id: 0, revision: state.syncResult.revision, initiatedBy: { username: 'admin' } });
      expect(await liveConfigMap(argocd, place.namespace, 'one')).to.not.equal(null);
    },
  },
  {
    title: 'is compared again after a sync, and then Synced and Healthy',
    concern: 'consistency',
    async holds(argocd) {
      const { name } = await newApplication(argocd);
      accepted(await sync(argocd, name));
      const { body } = await eventually(
        () => get(argocd, name),
        (answer) => isHealthy(answer) && answer.body.status.reconciledAt >= answer.body.status.operationState.finishedAt,
      );
      expect(body.status.sync.revision).to.equal(body.status.operationState.syncResult.revision);
    },
  },
  {
    title: 'says of an object that is as it should be already that it is unchanged',
    concern: 'reads',
    async holds(argocd) {
      const place = await newApplication(argocd);
      await synced(argocd, place);
      const { status } = await synced(argocd, place);
      expect(status.operationState.syncResult.resources[0].message).to.equal('configmap/one unchanged');
    },
  },
  {
    title: 'refuses a second operation while one runs with 400 and code 9, and ends the first when asked to',
    concern: 'conflicts',
    async holds(argocd) {
      const place = await newApplication(argocd, { files: STUCK });
      accepted(await sync(argocd, place.name));
      const refused = await sync(argocd, place.name);
      expect(refused).to.deep.equal({ status: 400, body: { error: BUSY, code: 9, message: BUSY } });
      const waiting = await eventually(
        () => get(argocd, place.name),
        ({ body }) => body.status.operationState?.message === 'waiting for healthy state of apps/Deployment/web',
      );
      expect(waiting.body.status.operationState.phase).to.equal('Running');
      await eventually(
        () => get(argocd, place.name),
        ({ body }) => body.status.health.status === 'Progressing',
      );
      expect(await liveConfigMap(argocd, place.namespace, 'later')).to.equal(null);
      expect(await argocd.call('DELETE', `/api/v1/applications/${place.name}/operation`)).to.deep.equal({ status: 200, body: {} });
      const { body } = await eventually(() => get(argocd, place.name), hasEnded);
      expect(body.status.operationState).to.include({ phase: 'Failed', message: 'Operation terminated' });
    },
  },
  {
    title: 'refuses to end an operation when none runs with 400 and code 3',
    concern: 'conflicts',
    async holds(argocd) {
      const { name } = await newApplication(argocd);
      const { status, body } = await argocd.call('DELETE', `/api/v1/applications/${name}/operation`);
      expect(status).to.equal(400);
      expect(body).to.include({ code: 3, message: 'Unable to terminate operation. No operation is in progress' });
    },
  },
  {
    title: 'refuses to sync what syncs by itself to another revision with 400 and code 9',
    concern: 'conflicts',
    async holds(argocd) {
      const { name } = await newApplication(argocd, { spec: { syncPolicy: { automated: {} } } });
      const revision = 'f'.repeat(40);
      const { status, body } = await sync(argocd, name, { revision });
      expect(status).to.equal(400);
      expect(body).to.include({ code: 9, message: `Cannot sync to ${revision}: auto-sync currently set to main` });
    },
  },
  {
    title: 'refuses to sync to a revision that there isn’t with 400 and code 9',
    concern: 'not found',
    async holds(argocd) {
      const { name } = await newApplication(argocd);
      const { status, body } = await sync(argocd, name, { revision: 'nowhere' });
      expect(status).to.equal(400);
      expect(body.code).to.equal(9);
      expect(body.message).to.match(/unable to resolve 'nowhere' to a commit SHA$/);
    },
  },
  {
    title: 'deploys nothing in a dry run, and remembers none in the history',
    concern: 'writes',
    async holds(argocd) {
      const place = await newApplication(argocd);
      const { status } = await synced(argocd, place, { dryRun: true });
      expect(status.operationState.phase).to.equal('Succeeded');
      expect(status).to.not.have.property('history');
      expect(await liveConfigMap(argocd, place.namespace, 'one')).to.equal(null);
    },
  },
  {
    title: 'deploys only the objects that a sync names',
    concern: 'writes',
    async holds(argocd) {
      const place = await newApplication(argocd, { files: { 'app/one.yaml': configMap('one'), 'app/two.yaml': configMap('two') } });
      await synced(argocd, place, { resources: [{ group: '', kind: 'ConfigMap', name: 'two' }] });
      expect(await liveConfigMap(argocd, place.namespace, 'one')).to.equal(null);
      expect(await liveConfigMap(argocd, place.namespace, 'two')).to.not.equal(null);
    },
  },
  {
    title: 'fails a sync into a namespace that is missing, and makes it when that is among the sync options',
    concern: 'writes',
    async holds(argocd) {
      const place = await newApplication(argocd);
      const namespace = `${place.namespace}-later`;
      const destination = { name: argocd.destination.name, namespace };
      accepted(await argocd.call('PUT', `/api/v1/applications/${place.name}`, { body: place.application({ destination }) }));
      const { status } = await synced(argocd, place);
      const reason = `namespaces "${namespace}" not found`;
      expect(status.operationState).to.include({ phase: 'Failed', message: `one or more objects failed to apply, reason: ${reason}` });
      expect(status.operationState.syncResult.resources[0]).to.include({ status: 'SyncFailed', message: reason, hookPhase: 'Failed' });
      accepted(await sync(argocd, place.name, { syncOptions: { items: ['CreateNamespace=true'] } }));
      await eventually(() => get(argocd, place.name), isHealthy);
      expect(await liveConfigMap(argocd, namespace, 'one')).to.not.equal(null);
    },
  },
  {
    title: 'keeps what is no longer in Git until a sync is told to prune',
    concern: 'writes',
    async holds(argocd) {
      const place = await newApplication(argocd, { files: { 'app/one.yaml': configMap('one'), 'app/two.yaml': configMap('two') } });
      await synced(argocd, place);
      await eventually(() => get(argocd, place.name), isHealthy);
      await place.repository.commit({ 'app/one.yaml': null });
      const { body } = await get(argocd, place.name, '?refresh=normal');
      expect(body.status.sync.status).to.equal('OutOfSync');
      expect(body.status.resources.find(({ name }: { name: string }) => name === 'one')).to.include({
        status: 'OutOfSync',
        requiresPruning: true,
      });
      const kept = await synced(argocd, place);
      const of = (app: typeof kept) => app.status.operationState.syncResult.resources.find(({ name }: { name: string }) => name === 'one');
      expect(of(kept)).to.include({ status: 'PruneSkipped', message: 'ignored (requires pruning)', hookPhase: 'Succeeded' });
      expect(await liveConfigMap(argocd, place.namespace, 'one')).to.not.equal(null);
      expect(of(await synced(argocd, place, { prune: true }))).to.include({ status: 'Pruned', message: 'pruned', hookPhase: 'Succeeded' });
      expect(await liveConfigMap(argocd, place.namespace, 'one')).to.equal(null);
    },
  },
  {
    title: 'syncs by itself what is told to, and again when Git changes and it is asked to look',
    concern: 'consistency',
    async holds(argocd) {
      const place = await newApplication(argocd, { spec: { syncPolicy: { automated: { prune: true, selfHeal: true } } } });
      const first = await eventually(() => get(argocd, place.name), isHealthy);
      expect(first.body.status.operationState.operation.initiatedBy).to.deep.equal({ automated: true });
      const commit = await place.repository.commit({ 'app/one.yaml': null, 'app/two.yaml': configMap('two') });
      accepted(await get(argocd, place.name, '?refresh=normal'));
      await eventually(
        () => get(argocd, place.name),
        (answer) => isHealthy(answer) && answer.body.status.operationState.syncResult.revision === commit,
      );
      expect(await liveConfigMap(argocd, place.namespace, 'one')).to.equal(null);
      expect(await liveConfigMap(argocd, place.namespace, 'two')).to.not.equal(null);
    },
  },
  {
    title: 'answers a refresh with what the comparison found, and keeps no trace of the request',
    concern: 'consistency',
    async holds(argocd) {
      const place = await newApplication(argocd);
      for (const kind of ['normal', 'hard']) {
        const commit = await place.repository.commit({ [`app/${kind}.yaml`]: configMap(kind) });
        const { metadata, status } = accepted(await get(argocd, place.name, `?refresh=${kind}`));
        expect(status.sync.revision).to.equal(commit);
        expect(Object.keys(metadata.annotations ?? {})).to.not.include('argocd.argoproj.io/refresh');
      }
    },
  },
  {
    title: 'warns of an object that two applications deploy, in the one to which it doesn’t belong',
    concern: 'conflicts',
    async holds(argocd) {
      const place = await newApplication(argocd);
      await synced(argocd, place);
      await eventually(() => get(argocd, place.name), isHealthy);
      const other = `${place.name}-b`;
      accepted(await argocd.call('POST', '/api/v1/applications', { body: place.application({}, { name: other }) }));
      const { body } = await eventually(
        () => get(argocd, other),
        (answer) => answer.body.status.conditions !== undefined,
      );
      expect(body.status.conditions[0].type).to.equal('SharedResourceWarning');
      expect(body.status.conditions[0].message).to.match(/^ConfigMap\/one is part of applications /);
    },
  },
];
