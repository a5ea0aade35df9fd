import { type Chart, count, fields, type Json, text } from './chart.ts';
import { chartLabels, clusterRole, deployment, rule, service, serviceAccount, webhookConfiguration } from './objects.ts';

/** hashicorp/vault 0.34.1, the injector alone: its schema knows types, but neither keys nor words. */
export const vaultChart: Chart = {
  name: 'vault',
  appVersion: '2.0.4',

  render(values, release) {
    refuseWrongTypes(values);
    const injector = fields(values.injector);
    const external = text(fields(values.global).externalVaultAddr, '');
    if (fields(values.server).enabled !== false && external === '')
      throw new Error('the sandbox has no chart of a Vault server: set global.externalVaultAddr');
    if (injector.enabled === false) return [];
    const name = `${release.name}-agent-injector`.replace(/^(.*)-agent-injector-agent-injector$/, '$1-agent-injector');
    const labels: Record<string, string> = { ...chartLabels(`${release.name}-agent-injector`, release), component: 'webhook' };
    const selector = {
      'app.kubernetes.io/name': labels['app.kubernetes.io/name'] ?? '',
      'app.kubernetes.io/instance': release.name,
      component: 'webhook',
    };
    const webhook = fields(injector.webhook);
    const replicas = count(injector.replicas, 1);
    const env = [
      { name: 'AGENT_INJECT_VAULT_ADDR', value: external },
      { name: 'AGENT_INJECT_VAULT_AUTH_PATH', value: text(injector.authPath, 'auth/kubernetes') },
    ];
    const container = {
      name: 'sidecar-injector',
      image: 'hashicorp/vault-k8s:1.7.6',
      env,
      ports: [{ name: 'https', containerPort: 8080, protocol: 'TCP' }],
    };
    const affinity = injector.affinity;
    return [
      serviceAccount(release, name, labels),
      ...clusterRole(release, `${name}-clusterrole`, labels, name, [
        {
          apiGroups: ['admissionregistration.k8s.io'],
          resources: ['mutatingwebhookconfigurations'],
          verbs: ['get', 'list', 'watch', 'patch'],
        },
      ]),
      service(release, `${name}-svc`, labels, selector, [{ name: 'https', port: 443, targetPort: 8080 }]),
      deployment(release, {
        name,
        labels,
        selector,
        replicas,
        serviceAccountName: name,
        container,
        // By default no two on one node; an own affinity takes its place.
        spread: affinity === undefined,
        pod: typeof affinity === 'object' && affinity !== null ? { affinity } : {},
      }),
      ...(replicas > 1 ? [certificates(release.namespace, labels)] : []),
      webhookConfiguration('Mutating', `${name}-cfg`, labels, [
        {
          name: 'vault.hashicorp.com',
          service: { name: `${name}-svc`, namespace: release.namespace, path: '/mutate' },
          caBundle: '',
          failurePolicy: text(webhook.failurePolicy, 'Ignore'),
          timeoutSeconds: count(webhook.timeoutSeconds, 30),
          rules: [rule('', 'v1', ['pods'], ['CREATE'])],
          namespaceSelector: fields(webhook.namespaceSelector),
          objectSelector: Object.keys(fields(webhook.objectSelector)).length > 0 ? fields(webhook.objectSelector) : notItself(labels),
        },
      ]),
    ];
  },
};

/** The leader of several injectors keeps its certificate here. */
function certificates(namespace: string, labels: Json): Json {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'vault-injector-certs', namespace, labels } };
}

function notItself(labels: Readonly<Record<string, string>>): Json {
  return { matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'NotIn', values: [labels['app.kubernetes.io/name'] ?? ''] }] };
}

function refuseWrongTypes(values: Json): void {
  const wrong = ['global', 'server', 'injector', 'ui', 'csi'].filter((key) => values[key] !== undefined && typeof values[key] !== 'object');
  if (wrong.length > 0)
    throw new Error(
      `values don't meet the specifications of the schema(s) in the following chart(s):\nvault:\n- ${wrong.join(', ')}: Invalid type. Expected: object`,
    );
}
