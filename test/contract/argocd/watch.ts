import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { eventually } from '../eventually.ts';
import type { ArgoCd } from '../subjects/argocd/argocd.ts';
import { openStream } from '../subjects/argocd/stream.ts';
import { unique } from '../unique.ts';
import { accepted, newApplication, newPlace } from './things.ts';

function label({ call }: ArgoCd, name: string, labels: Record<string, string>) {
  return call('PATCH', `/api/v1/applications/${name}`, { body: { patchType: 'merge', patch: JSON.stringify({ metadata: { labels } }) } });
}

export const watches: readonly Assertion<ArgoCd>[] = [
  {
    title: 'streams what there is as ADDED, then every change, then the deletion',
    concern: 'watch',
    async holds(argocd) {
      const { name } = await newApplication(argocd);
      const stream = openStream(argocd, `name=${name}`);
      try {
        expect((await stream.next(({ application }) => application.metadata.name === name)).type).to.equal('ADDED');
        accepted(await label(argocd, name, { seen: 'yes' }));
        const changed = await stream.next(({ application }) => application.metadata.labels?.seen === 'yes');
        expect(changed.type).to.equal('MODIFIED');
        accepted(await argocd.call('DELETE', `/api/v1/applications/${name}`));
        const deleted = await stream.next(({ type }) => type === 'DELETED');
        expect(deleted.application.metadata.name).to.equal(name);
      } finally {
        stream.close();
      }
    },
  },
  {
    title: 'streams only what the selector and the projects leave',
    concern: 'watch',
    async holds(argocd) {
      const run = unique('run');
      const other = await newApplication(argocd);
      const place = await newPlace(argocd);
      const stream = openStream(argocd, `selector=run%3D${run}&projects=default`);
      try {
        accepted(await label(argocd, other.name, { run: 'other' }));
        accepted(await argocd.call('POST', '/api/v1/applications', { body: place.application({}, { labels: { run } }) }));
        const first = await stream.next(() => true);
        expect(first.type).to.equal('ADDED');
        expect(first.application.metadata.name).to.equal(place.name);
      } finally {
        stream.close();
      }
    },
  },
  {
    title: 'leaves out what there was up to a resource version',
    concern: 'watch',
    async holds(argocd) {
      const run = unique('run');
      const { name } = await newApplication(argocd, { metadata: { labels: { run, step: 'one' } } });
      const { metadata } = accepted(await argocd.call('GET', '/api/v1/applications'));
      const stream = openStream(argocd, `selector=run%3D${run}&resourceVersion=${metadata.resourceVersion}`);
      try {
        await eventually(
          async () => {
            accepted(await label(argocd, name, { step: unique('step') }));
            return stream.count();
          },
          (count) => count > 0,
        );
        expect((await stream.next(() => true)).type).to.equal('MODIFIED');
      } finally {
        stream.close();
      }
    },
  },
  {
    title: 'streams server-sent events to who accepts them',
    concern: 'watch',
    async holds(argocd) {
      const { name } = await newApplication(argocd);
      const stream = openStream(argocd, `name=${name}`, 'text/event-stream');
      try {
        expect((await stream.next(() => true)).application.metadata.name).to.equal(name);
        expect(stream.contentType()).to.match(/^text\/event-stream/);
      } finally {
        stream.close();
      }
    },
  },
  {
    title: 'gives no stream without a token: 401 with code 16',
    concern: 'authentication',
    async holds({ call }) {
      const { status, body } = await call('GET', '/api/v1/stream/applications', { token: null });
      expect(status).to.equal(401);
      const error = { grpc_code: 16, http_code: 401, http_status: 'Unauthorized', message: 'no session information' };
      expect(body).to.deep.equal({ error });
    },
  },
];
