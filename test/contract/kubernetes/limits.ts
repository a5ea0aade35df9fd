import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import type { Cluster } from '../subjects/kubernetes.ts';
import { unique } from '../unique.ts';
import { apply, create, done, pathOf } from './things.ts';

/** In a namespace of its own: what limits one must not meet the other assertions. */
async function inNamespace(cluster: Cluster, look: (own: Cluster) => Promise<void>): Promise<void> {
  const namespace = unique('limited');
  done(await cluster.ask('POST', '/api/v1/namespaces', { body: { metadata: { name: namespace } } }));
  await look({ ...cluster, namespace });
  done(await cluster.ask('DELETE', `/api/v1/namespaces/${namespace}`));
}

export const limits: readonly Assertion<Cluster>[] = [
  {
    title: 'keeps the quota of a namespace as it is written, and the same again changes nothing',
    concern: 'writes',
    async holds(cluster) {
      await inNamespace(cluster, async (own) => {
        const spec = {
          hard: { 'requests.cpu': '20', 'requests.memory': '40Gi', 'limits.cpu': '500m', pods: '50' },
          scopes: ['NotTerminating'],
        };
        const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'quota' }, spec };
        const path = pathOf(own, 'resourcequotas', 'quota');
        for (const _time of ['first', 'second']) expect(done(await apply(own, quota, 'one', { path })).spec).to.deep.equal(spec);
      });
    },
  },
  {
    title: 'keeps the limits of a namespace, and fills in for containers what follows from those that are given',
    concern: 'writes',
    async holds(cluster) {
      const whole = { type: 'Container', default: { cpu: '1' }, defaultRequest: { cpu: '100m' } };
      const claim = { type: 'PersistentVolumeClaim', max: { storage: '50Gi' } };
      const most = { type: 'Container', max: { memory: '4Gi' } };
      const least = { type: 'Container', min: { memory: '64Mi' } };
      const cases: readonly [given: object[], kept: object[]][] = [
        [
          [whole, claim],
          [whole, claim],
        ],
        [[most], [{ ...most, default: { memory: '4Gi' }, defaultRequest: { memory: '4Gi' } }]],
        [[least], [{ ...least, defaultRequest: { memory: '64Mi' } }]],
      ];
      await inNamespace(cluster, async (own) => {
        for (const [given, kept] of cases) {
          const { spec } = await create(own, 'limitranges', { metadata: { name: unique('limits') }, spec: { limits: given } });
          expect(spec).to.deep.equal({ limits: kept });
        }
      });
    },
  },
];
