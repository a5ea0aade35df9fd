import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { eventually } from '../eventually.ts';
import type { Cluster } from '../subjects/kubernetes.ts';
import type { Answer } from '../subjects/kubernetes-http.ts';
import { unique } from '../unique.ts';
import { apply, configMap, create, done, pathOf, refused } from './things.ts';

const ROOT = '/apis/admissionregistration.k8s.io/v1';
const KINDS = { mutating: 'MutatingWebhookConfiguration', validating: 'ValidatingWebhookConfiguration' } as const;
const RULE = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] };
const SERVICE = 'nobody';
/** What `webhook` asks for. */
const TIMEOUT = 7;

interface Wish {
  readonly kind?: keyof typeof KINDS;
  readonly failurePolicy?: 'Fail' | 'Ignore';
  readonly rule?: object;
  readonly objectSelector?: object;
  readonly namespaceSelector?: object;
  readonly service?: string;
}

/** Of the run's namespace alone, as the API server is shared. */
function webhook({ namespace }: Pick<Cluster, 'namespace'>, name: string, wish: Wish): object {
  const { failurePolicy = 'Fail', rule = {}, objectSelector = {}, namespaceSelector, service = SERVICE } = wish;
  return {
    name: `${name}.example.com`,
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    failurePolicy,
    timeoutSeconds: TIMEOUT,
    rules: [{ ...RULE, ...rule }],
    objectSelector,
    namespaceSelector: namespaceSelector ?? { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    clientConfig: { service: { namespace, name: service, path: '/judge' } },
  };
}

/** Registers a webhook, and a second one by which is seen that the server heeds them; takes both away after `look`. */
async function withWebhook(cluster: Cluster, wish: Wish, look: () => Promise<void>): Promise<void> {
  const { kind = 'validating' } = wish;
  const name = unique('webhook');
  const seen = { matchLabels: { [name]: 'seen' } };
  const path = `${ROOT}/${kind}webhookconfigurations`;
  const webhooks = [webhook(cluster, 'asked', wish), webhook(cluster, 'seen', { objectSelector: seen })];
  done(
    await cluster.ask('POST', path, {
      body: { kind: KINDS[kind], apiVersion: 'admissionregistration.k8s.io/v1', metadata: { name }, webhooks },
    }),
  );
  try {
    const probe = { ...configMap('probe', {}, { labels: { [name]: 'seen' } }) };
    const trial = () => cluster.ask('POST', pathOf(cluster, 'configmaps'), { query: { dryRun: 'All' }, body: probe });
    await eventually(trial, ({ status }) => status === 500);
    await look();
  } finally {
    done(await cluster.ask('DELETE', `${path}/${name}`));
  }
}

/** A namespace of its own, so that no other assertion meets its webhooks; with a service that nothing stands behind. */
async function place(cluster: Cluster, labels: Readonly<Record<string, string>> = {}): Promise<Cluster> {
  const namespace = unique('admission');
  done(await cluster.ask('POST', '/api/v1/namespaces', { body: { metadata: { name: namespace, labels } } }));
  const own = { ...cluster, namespace };
  await create(own, 'services', {
    metadata: { name: SERVICE },
    spec: { selector: { app: SERVICE }, ports: [{ port: 443, targetPort: 8443 }] },
  });
  return own;
}

async function inPlace(cluster: Cluster, wish: Wish, look: (own: Cluster) => Promise<void>): Promise<void> {
  const own = await place(cluster);
  try {
    await withWebhook(own, wish, () => look(own));
  } finally {
    done(await cluster.ask('DELETE', `/api/v1/namespaces/${own.namespace}`));
  }
}

function made(cluster: Cluster, metadata: object = {}): Promise<Answer> {
  return cluster.ask('POST', pathOf(cluster, 'configmaps'), { body: configMap(unique('made'), {}, metadata) });
}

/** The address that the API server calls; the port is the service's 443 unless another is asked for. */
function uncalled({ namespace }: Pick<Cluster, 'namespace'>, service: string, why: string): string {
  const url = `https://${service}.${namespace}.svc:443/judge?timeout=${TIMEOUT}s`;
  return `failed calling webhook "asked.example.com": failed to call webhook: Post "${url}": ${why}`;
}

export const admission: readonly Assertion<Cluster>[] = [
  {
    title: 'a webhook without a ready endpoint that fails closed refuses what it is to see: a 500 that says so',
    concern: 'consistency',
    async holds(cluster) {
      for (const kind of ['validating', 'mutating'] as const) {
        await inPlace(cluster, { kind }, async (own) => {
          const message = uncalled(own, SERVICE, `no endpoints available for service "${SERVICE}"`);
          const causes = refused(await made(own), 500, 'InternalError', `Internal error occurred: ${message}`);
          expect(causes).to.deep.equal([{ message }]);
        });
      }
    },
  },
  {
    title: 'a webhook whose service does not exist refuses just so: a 500 that names the service',
    concern: 'consistency',
    async holds(cluster) {
      await inPlace(cluster, { service: 'missing' }, async (own) => {
        const message = uncalled(own, 'missing', 'service "missing" not found');
        expect(refused(await made(own), 500, 'InternalError', `Internal error occurred: ${message}`)).to.deep.equal([{ message }]);
      });
    },
  },
  {
    title: 'a webhook that cannot be called and fails open lets everything pass',
    concern: 'consistency',
    async holds(cluster) {
      for (const wish of [{ service: 'missing' }, { kind: 'mutating' }, {}] as const) {
        await inPlace(cluster, { ...wish, failurePolicy: 'Ignore' }, async (own) => {
          done(await made(own));
        });
      }
    },
  },
  {
    title: 'a webhook that cannot be called refuses server-side apply and dry runs, too',
    concern: 'writes',
    async holds(cluster) {
      await inPlace(cluster, {}, async (own) => {
        for (const dryRun of [false, true])
          refused(await apply(own, configMap(unique('applied')), 'one', { dryRun }), 500, 'InternalError');
      });
    },
  },
  {
    title: 'a webhook sees nothing but the operations and resources of its rules',
    concern: 'consistency',
    async holds(cluster) {
      const own = await place(cluster);
      const there = configMap(unique('there'), { a: '1' });
      const { metadata } = await create(own, 'configmaps', there);
      await withWebhook(own, {}, async () => {
        done(await apply(own, { ...there, data: { a: '2' } }, 'one', { force: true }));
        done(await own.ask('DELETE', pathOf(own, 'configmaps', metadata.name)));
        await create(own, 'secrets', { metadata: { name: unique('secret') } });
        refused(await made(own), 500, 'InternalError');
      });
      await withWebhook(own, { rule: { operations: ['*'], resources: ['secrets'] } }, async () => {
        done(await made(own));
      });
      done(await cluster.ask('DELETE', `/api/v1/namespaces/${own.namespace}`));
    },
  },
  {
    title: 'a webhook for updates refuses an update that it cannot see',
    concern: 'writes',
    async holds(cluster) {
      await inPlace(cluster, { rule: { operations: ['UPDATE', 'DELETE'] } }, async (own) => {
        const { metadata, data } = done(await made(own)) as { metadata: { name: string }; data?: object };
        const path = pathOf(own, 'configmaps', metadata.name);
        refused(await own.ask('PUT', path, { body: { ...configMap(metadata.name, { ...data, b: '1' }) } }), 500, 'InternalError');
        refused(await own.ask('DELETE', path), 500, 'InternalError');
      });
    },
  },
  {
    title: 'a webhook heeds its selector of objects: labels by value, sets, presence and absence',
    concern: 'consistency',
    async holds(cluster) {
      const expression = (key: string, operator: string, ...values: string[]) => ({
        matchExpressions: [{ key, operator, ...(values.length > 0 && { values }) }],
      });
      const cases: readonly [selector: object, seen: Record<string, string>, unseen: Record<string, string>][] = [
        [{ matchLabels: { app: 'a' } }, { app: 'a' }, { app: 'b' }],
        [expression('app', 'In', 'a', 'b'), { app: 'b' }, {}],
        [expression('app', 'NotIn', 'a'), {}, { app: 'a' }],
        [expression('app', 'Exists'), { app: '' }, { other: 'a' }],
        [expression('app', 'DoesNotExist'), { other: 'a' }, { app: '' }],
      ];
      for (const [objectSelector, seen, unseen] of cases) {
        await inPlace(cluster, { objectSelector }, async (own) => {
          refused(await made(own, { labels: seen }), 500, 'InternalError');
          done(await made(own, { labels: unseen }));
        });
      }
    },
  },
  {
    title: 'a webhook heeds its selector of namespaces, whose name is a label, too',
    concern: 'consistency',
    async holds(cluster) {
      const own = await place(cluster, { [unique('label')]: 'yes' });
      const spared = await place(cluster);
      const names = [own.namespace];
      const namespaceSelector = { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: names }] };
      await withWebhook(own, { namespaceSelector }, async () => {
        refused(await made(own), 500, 'InternalError');
        done(await made(spared));
      });
      for (const { namespace } of [own, spared]) done(await cluster.ask('DELETE', `/api/v1/namespaces/${namespace}`));
    },
  },
  {
    title: 'a webhook never stands in the way of webhook configurations, not even of its own',
    concern: 'consistency',
    async holds(cluster) {
      const rule = {
        apiGroups: ['*'],
        apiVersions: ['*'],
        operations: ['*'],
        resources: ['validatingwebhookconfigurations', 'configmaps'],
      };
      await inPlace(cluster, { rule }, async (own) => {
        refused(await made(own), 500, 'InternalError');
        const name = unique('webhook');
        done(await own.ask('POST', `${ROOT}/validatingwebhookconfigurations`, { body: { metadata: { name } } }));
        done(await own.ask('DELETE', `${ROOT}/validatingwebhookconfigurations/${name}`));
      });
    },
  },
  {
    title: 'a webhook that says no more than it must fails closed, after ten seconds, for any object of any namespace',
    concern: 'reads',
    async holds(cluster) {
      const name = unique('webhook');
      const {
        timeoutSeconds: _timeout,
        failurePolicy: _policy,
        namespaceSelector: _namespaces,
        objectSelector: _objects,
        ...bare
      } = webhook(cluster, 'bare', { rule: { apiGroups: ['nobody.example.com'] } }) as Record<string, unknown>;
      for (const [kind, more] of [
        ['validating', {}],
        ['mutating', { reinvocationPolicy: 'Never' }],
      ] as const) {
        const path = `${ROOT}/${kind}webhookconfigurations`;
        const { webhooks } = done(await cluster.ask('POST', path, { body: { metadata: { name }, webhooks: [bare] } }));
        done(await cluster.ask('DELETE', `${path}/${name}`));
        const [stored] = webhooks as readonly Record<string, unknown>[];
        expect(stored).to.deep.include({
          failurePolicy: 'Fail',
          matchPolicy: 'Equivalent',
          namespaceSelector: {},
          objectSelector: {},
          timeoutSeconds: 10,
          ...more,
        });
        expect(stored).to.have.nested.property('rules[0].scope', '*');
        expect(stored).to.have.nested.property('clientConfig.service.port', 443);
      }
    },
  },
];
