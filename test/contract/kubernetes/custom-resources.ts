import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { eventually } from '../eventually.ts';
import type { Cluster } from '../subjects/kubernetes.ts';
import type { Answer } from '../subjects/kubernetes-http.ts';
import { unique } from '../unique.ts';
import { apply, done, patch, refused } from './things.ts';
import { DEFINITIONS, defineWidgets, widget, widgetDefinition } from './widgets.ts';

async function post(cluster: Cluster, name: string, spec: unknown, query: Record<string, string> = {}): Promise<Answer> {
  const widgets = await cluster.widgets();
  return cluster.ask('POST', widgets.path, { body: widget(widgets, name, spec), query });
}

async function applied(cluster: Cluster, name: string, spec: unknown, manager: string): Promise<Answer> {
  const widgets = await cluster.widgets();
  return apply(cluster, widget(widgets, name, spec), manager, { path: `${widgets.path}/${name}` });
}

export const customResources: readonly Assertion<Cluster>[] = [
  {
    title: 'a definition is served a moment later, and discovery tells of it',
    concern: 'consistency',
    async holds(cluster) {
      const group = `${unique('contract')}.example.com`;
      const before = await cluster.ask('GET', `/apis/${group}/v1/widgets`);
      expect(before.status).to.equal(404);
      const { definition } = await defineWidgets(cluster, group, cluster.namespace);
      const { conditions } = done(await cluster.ask('GET', definition)).status as { conditions: { type: string; status: string }[] };
      expect(conditions.find(({ type }) => type === 'Established')?.status).to.equal('True');
      const { resources } = done(await cluster.ask('GET', `/apis/${group}/v1`)) as unknown as {
        resources: { name: string; kind: string }[];
      };
      expect(resources.find(({ name }) => name === 'widgets')).to.deep.include({ kind: 'Widget', namespaced: true, shortNames: ['wd'] });
      expect(resources.map(({ name }) => name)).to.include('widgets/status');
      await cluster.ask('DELETE', definition);
    },
  },
  {
    title: 'a definition that goes takes its objects with it, and is no longer served',
    concern: 'consistency',
    async holds(cluster) {
      const widgets = await defineWidgets(cluster, `${unique('contract')}.example.com`, cluster.namespace);
      done(await cluster.ask('POST', widgets.path, { body: widget(widgets, 'a', { size: 1 }) }));
      done(await cluster.ask('DELETE', widgets.definition));
      await eventually(
        async () => (await cluster.ask('GET', widgets.definition)).status,
        (status) => status === 404,
      );
      await eventually(
        async () => (await cluster.ask('GET', widgets.path)).status,
        (status) => status === 404,
      );
    },
  },
  {
    title: 'a definition whose name is not its plural and group is a 422',
    concern: 'validation',
    async holds(cluster) {
      const group = `${unique('contract')}.example.com`;
      const body = { ...widgetDefinition(group), metadata: { name: `gadgets.${group}` } };
      const [cause] = refused(await cluster.ask('POST', DEFINITIONS, { body }), 422, 'Invalid');
      expect(cause).to.deep.include({ reason: 'FieldValueInvalid', field: 'metadata.name' });
    },
  },
  {
    title: 'a custom resource that its schema doesn’t allow is a 422 with a cause for every mistake',
    concern: 'validation',
    async holds(cluster) {
      const causes = refused(await post(cluster, unique('wrong'), { size: 'large', colour: 'blue', lines: [1] }), 422, 'Invalid');
      const fields = causes.map(({ reason, field }) => `${reason} ${field}`).sort();
      expect(fields).to.deep.equal([
        'FieldValueNotSupported spec.colour',
        'FieldValueTypeInvalid spec.lines[0]',
        'FieldValueTypeInvalid spec.size',
      ]);
      const small = refused(await post(cluster, unique('small'), { size: 0 }), 422, 'Invalid');
      expect(small.map(({ reason, field }) => `${reason} ${field}`)).to.deep.equal(['FieldValueInvalid spec.size']);
    },
  },
  {
    title: 'a custom resource without a required field is a 422',
    concern: 'validation',
    async holds(cluster) {
      const name = unique('empty');
      const causes = refused(
        await post(cluster, name, {}),
        422,
        'Invalid',
        new RegExp(`Widget\\..* "${name}" is invalid: spec\\.size: Required value`),
      );
      expect(causes).to.deep.equal([{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.size' }]);
    },
  },
  {
    title: 'a custom resource gets the defaults of its schema, and loses what that doesn’t know',
    concern: 'writes',
    async holds(cluster) {
      const answer = done(await post(cluster, unique('pruned'), { size: 1, sise: 2, anything: { at: 'all' } }));
      expect(answer.spec).to.deep.equal({ size: 1, colour: 'green', anything: { at: 'all' } });
    },
  },
  {
    title: 'an unknown field of a custom resource is a 400 with fieldValidation=Strict',
    concern: 'validation',
    async holds(cluster) {
      const answer = await post(cluster, unique('strict'), { size: 1, sise: 2 }, { fieldValidation: 'Strict' });
      refused(answer, 400, 'BadRequest', /strict decoding error: unknown field "spec\.sise"$/);
    },
  },
  {
    title: 'server-side apply of an unknown field of a custom resource is a 500 that names it',
    concern: 'validation',
    async holds(cluster) {
      const answer = await applied(cluster, unique('applied'), { size: 1, sise: 2 }, 'one');
      expect(answer.status).to.equal(500);
      expect(answer.body.message).to.match(
        /^failed to create typed patch object \(.*Kind=Widget\): \.spec\.sise: field not declared in schema$/,
      );
    },
  },
  {
    title: 'a list of a custom resource merges by the keys of its schema, and else is one value',
    concern: 'conflicts',
    async holds(cluster) {
      const name = unique('listed');
      done(await applied(cluster, name, { size: 1, parts: [{ name: 'a' }], lines: ['a'] }, 'one'));
      const both = done(await applied(cluster, name, { size: 1, parts: [{ name: 'b' }] }, 'two'));
      expect(both.spec).to.deep.include({ parts: [{ name: 'a' }, { name: 'b' }], lines: ['a'] });
      const causes = refused(await applied(cluster, name, { size: 1, lines: ['b'] }, 'three'), 409, 'Conflict');
      expect(causes).to.deep.equal([{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.spec.lines' }]);
    },
  },
  {
    title: 'PUT of a custom resource without a resourceVersion is a 422',
    concern: 'validation',
    async holds(cluster) {
      const widgets = await cluster.widgets();
      const name = unique('put');
      done(await post(cluster, name, { size: 1 }));
      const answer = await cluster.ask('PUT', `${widgets.path}/${name}`, { body: widget(widgets, name, { size: 2 }) });
      const [cause] = refused(
        answer,
        422,
        'Invalid',
        /metadata\.resourceVersion: Invalid value: (0|0x0): must be specified for an update$/,
      );
      expect(cause).to.include({ reason: 'FieldValueInvalid', field: 'metadata.resourceVersion' });
    },
  },
  {
    title: 'a strategic merge patch of a custom resource is a 415',
    concern: 'validation',
    async holds(cluster) {
      const name = unique('strategic');
      done(await post(cluster, name, { size: 1 }));
      const { path } = await cluster.widgets();
      const answer = await patch(cluster, `${path}/${name}`, 'strategic-merge-patch', { spec: { size: 2 } });
      refused(answer, 415, 'UnsupportedMediaType', /^the body of the request was in an unknown format - accepted media types include: /);
    },
  },
  {
    title: 'the status of a custom resource changes by its subresource alone, and doesn’t count as a generation',
    concern: 'writes',
    async holds(cluster) {
      const name = unique('stated');
      done(await post(cluster, name, { size: 1 }));
      const path = `${(await cluster.widgets()).path}/${name}`;
      const change = { spec: { size: 2 }, status: { phase: 'Done' } };
      const own = done(await patch(cluster, path, 'merge-patch', change));
      expect(own)
        .to.deep.include({ spec: { size: 2, colour: 'green' } })
        .and.not.have.property('status');
      expect(own.metadata.generation).to.equal(2);
      const stated = done(await patch(cluster, `${path}/status`, 'merge-patch', { ...change, spec: { size: 3 } }));
      expect(stated).to.deep.include({ spec: { size: 2, colour: 'green' }, status: { phase: 'Done' } });
      expect(stated.metadata.generation).to.equal(2);
    },
  },
];

/** What is too old: in a type of its own, since a server may remember the beginnings of those that it started with. */
export const history: readonly Assertion<Cluster>[] = [
  {
    title: 'a watch from a version that the history no longer holds ends with an ERROR event of 410',
    concern: 'watch',
    async holds(cluster) {
      const { path } = await cluster.widgets();
      done(await post(cluster, unique('old'), { size: 1 }));
      await cluster.forgetHistory();
      const [event, ...more] = await cluster.watch(path, { resourceVersion: '1' });
      expect(more).to.deep.equal([]);
      expect(event?.type).to.equal('ERROR');
      expect(event?.object).to.include({ kind: 'Status', code: 410, reason: 'Expired' });
      expect(event?.object.message).to.match(/^too old resource version: 1 \(\d+\)$/);
    },
  },
  {
    title: 'a token for a page that the history no longer holds is a 410 Expired, with a token to go on with what is there now',
    concern: 'paging',
    async holds(cluster) {
      const { path } = await cluster.widgets();
      const set = unique('set');
      for (const letter of ['a', 'b', 'c']) done(await post(cluster, `${set}-${letter}`, { size: 1 }));
      const query = { limit: '1' };
      const { metadata } = done(await cluster.ask('GET', path, { query }));
      await cluster.forgetHistory();
      const token = JSON.parse(Buffer.from(metadata.continue ?? '', 'base64url').toString());
      const old = Buffer.from(JSON.stringify({ ...token, rv: 1 })).toString('base64url');
      const answer = await cluster.ask('GET', path, { query: { ...query, continue: old } });
      refused(answer, 410, 'Expired', /^The provided continue parameter is too old to display a consistent list result/);
      const rest = done(await cluster.ask('GET', path, { query: { continue: answer.body.metadata.continue ?? '' } }));
      expect(rest.items.map(({ metadata: { name } }) => name)).to.include.members([`${set}-b`, `${set}-c`]);
    },
  },
];
