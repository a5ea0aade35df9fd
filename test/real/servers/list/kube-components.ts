import { expectOk } from '../ask.ts';
import type { ClusterName, Server } from '../server.ts';
import { asFlags } from './etcd.ts';
import { kubeconfigFile } from './kubeconfig.ts';

/** Every controller has its own service account: what one may do is what the real one may. */
export function kubeControllerManager(cluster: ClusterName): Server {
  const name = `kube-controller-manager-${cluster}`;
  return {
    name,
    made: ['programs'],
    after: [`kube-apiserver-${cluster}`],
    ports: [name],
    command: (setting) => ({
      program: `${setting.ingredient('programs')}/bin/kube-controller-manager`,
      args: asFlags({
        kubeconfig: kubeconfigFile(setting, cluster, 'kube-controller-manager'),
        'use-service-account-credentials': 'true',
        'service-account-private-key-file': setting.file('keys', `${cluster}-sa.key`),
        'root-ca-file': setting.file('keys', 'ca.pem'),
        'bind-address': '127.0.0.1',
        'secure-port': setting.port(name),
        'tls-cert-file': setting.file('keys', 'server.pem'),
        'tls-private-key-file': setting.file('keys', 'server-key.pem'),
        'leader-elect': 'false',
      }),
    }),
    ready: (setting) => expectOk(`https://127.0.0.1:${setting.port(name)}/healthz`, { ca: setting.secrets.tls.ca }),
  };
}

export function kubeScheduler(cluster: ClusterName): Server {
  const name = `kube-scheduler-${cluster}`;
  return {
    name,
    made: ['programs'],
    after: [`kube-apiserver-${cluster}`],
    ports: [name],
    command: (setting) => ({
      program: `${setting.ingredient('programs')}/bin/kube-scheduler`,
      args: asFlags({
        kubeconfig: kubeconfigFile(setting, cluster, 'kube-scheduler'),
        'bind-address': '127.0.0.1',
        'secure-port': setting.port(name),
        'tls-cert-file': setting.file('keys', 'server.pem'),
        'tls-private-key-file': setting.file('keys', 'server-key.pem'),
        'leader-elect': 'false',
      }),
    }),
    ready: (setting) => expectOk(`https://127.0.0.1:${setting.port(name)}/healthz`, { ca: setting.secrets.tls.ca }),
  };
}
