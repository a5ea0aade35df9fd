import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { expectOk } from '../ask.ts';
import type { ClusterName, Server, Setting } from '../server.ts';
import { bindAccessPolicies } from './access-policies.ts';
import { asFlags } from './etcd.ts';
import { apiServerUrl, writeKubeconfig } from './kubeconfig.ts';

const SERVICE_RANGE = { primary: '10.96.0.0/16', recovery: '10.97.0.0/16' } as const;
const COMPONENTS = ['admin', 'kube-controller-manager', 'kube-scheduler', 'kwok'] as const;

/**
 * As EKS runs it: RBAC and Node authorizers, service-account tokens with an issuer, a webhook for `k8s-aws-v1.` tokens,
 * nothing for anonymous users but health. What a webhook has answered is not remembered, so that a revoked entry shows at once.
 */
export function kubeApiServer(cluster: ClusterName): Server {
  const name = `kube-apiserver-${cluster}`;
  return {
    name,
    made: ['programs'],
    after: [`etcd-${cluster}`, 'token-webhook'],
    ports: [name],
    patience: 20_000,
    async prepare(setting) {
      await writeFile(authenticationFile(setting, cluster), stringify(AUTHENTICATION));
      await writeFile(webhookFile(setting, cluster), stringify(webhookConfig(setting, cluster)), { mode: 0o600 });
      for (const component of COMPONENTS) await writeKubeconfig(setting, cluster, component);
    },
    command: (setting) => ({
      program: `${setting.ingredient('programs')}/bin/kube-apiserver`,
      args: asFlags({
        'etcd-servers': `http://127.0.0.1:${setting.port(`etcd-${cluster}`)}`,
        'bind-address': '127.0.0.1',
        'advertise-address': '127.0.0.1',
        'secure-port': setting.port(name),
        // It registers itself as an endpoint of the service `kubernetes`, which may not be a loopback address.
        'endpoint-reconciler-type': 'none',
        'tls-cert-file': setting.file('keys', 'server.pem'),
        'tls-private-key-file': setting.file('keys', 'server-key.pem'),
        'cert-dir': setting.file('data', name),
        'service-cluster-ip-range': SERVICE_RANGE[cluster],
        // Webhooks are called at the endpoints of their service: there is no network behind its own address.
        'enable-aggregator-routing': 'true',
        'service-account-issuer': apiServerUrl(setting, cluster),
        'service-account-key-file': setting.file('keys', `${cluster}-sa.pub`),
        'service-account-signing-key-file': setting.file('keys', `${cluster}-sa.key`),
        'authorization-mode': 'Node,RBAC',
        'authentication-config': authenticationFile(setting, cluster),
        'token-auth-file': setting.file('keys', `${cluster}-tokens.csv`),
        'authentication-token-webhook-config-file': webhookFile(setting, cluster),
        'authentication-token-webhook-version': 'v1',
        'authentication-token-webhook-cache-ttl': '0s',
        'allow-privileged': 'true',
        profiling: 'false',
      }),
    }),
    ready: (setting) => expectOk(`${apiServerUrl(setting, cluster)}/readyz`, { ca: setting.secrets.tls.ca }),
    settle: (setting) => bindAccessPolicies(setting, cluster),
  };
}

const AUTHENTICATION = {
  apiVersion: 'apiserver.config.k8s.io/v1',
  kind: 'AuthenticationConfiguration',
  anonymous: { enabled: true, conditions: [{ path: '/livez' }, { path: '/readyz' }, { path: '/healthz' }] },
};

function authenticationFile(setting: Setting, cluster: ClusterName): string {
  return setting.file('keys', `${cluster}-authentication.yaml`);
}

function webhookFile(setting: Setting, cluster: ClusterName): string {
  return setting.file('keys', `${cluster}-token-webhook.yaml`);
}

function webhookConfig(setting: Setting, cluster: ClusterName): unknown {
  const server = `https://127.0.0.1:${setting.port('token-webhook')}/${cluster}`;
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'webhook', cluster: { server, 'certificate-authority': setting.file('keys', 'ca.pem') } }],
    users: [{ name: 'api-server' }],
    contexts: [{ name: 'webhook', context: { cluster: 'webhook', user: 'api-server' } }],
    'current-context': 'webhook',
  };
}
