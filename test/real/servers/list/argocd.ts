import { expectOk } from '../ask.ts';
import type { Server, Setting } from '../server.ts';
import { loginFolder, prepareLogin } from './argocd-login.ts';
import { prepareArgocd } from './argocd-settings.ts';
import { asFlags } from './etcd.ts';
import { kubeconfigFile } from './kubeconfig.ts';

export function argocdUrl(setting: Setting): string {
  return `https://127.0.0.1:${setting.port('argocd-server')}`;
}

/** Renders manifests with helm. Its certificate is its own, which the other two do not check by default. */
export const argocdRepoServer: Server = {
  name: 'argocd-repo-server',
  made: ['programs', 'redis', 'git'],
  after: ['redis', 'git'],
  ports: ['argocd-repo-server', 'argocd-repo-server-metrics'],
  command: (setting) => ({
    program: `${setting.ingredient('programs')}/bin/argocd-repo-server`,
    args: asFlags({
      address: '127.0.0.1',
      port: setting.port('argocd-repo-server'),
      'metrics-address': '127.0.0.1',
      'metrics-port': setting.port('argocd-repo-server-metrics'),
      redis: `127.0.0.1:${setting.port('redis')}`,
      loglevel: 'warn',
    }),
    env: environment(setting),
  }),
  ready: (setting) => expectOk(`http://127.0.0.1:${setting.port('argocd-repo-server-metrics')}/healthz`),
};

export const argocdServer: Server = {
  name: 'argocd-server',
  made: ['programs', 'redis', 'git'],
  after: ['redis', 'argocd-repo-server', 'kube-apiserver-primary'],
  ports: ['argocd-server', 'argocd-server-metrics'],
  async prepare(setting) {
    await prepareLogin(setting);
    await prepareArgocd(setting);
  },
  command: (setting) => ({
    program: `${setting.ingredient('programs')}/bin/argocd-server`,
    args: asFlags({
      kubeconfig: kubeconfigFile(setting, 'primary', 'admin'),
      namespace: 'argocd',
      address: '127.0.0.1',
      port: setting.port('argocd-server'),
      'metrics-address': '127.0.0.1',
      'metrics-port': setting.port('argocd-server-metrics'),
      'repo-server': `127.0.0.1:${setting.port('argocd-repo-server')}`,
      redis: `127.0.0.1:${setting.port('redis')}`,
      loglevel: 'warn',
    }),
    env: environment(setting),
  }),
  ready: (setting) => expectOk(`${argocdUrl(setting)}/healthz`, { ca: setting.secrets.tls.ca }),
};

/** Its port for metrics has no address to bind to: the one listener of all that is open beyond loopback. */
export const argocdApplicationController: Server = {
  name: 'argocd-application-controller',
  made: ['programs', 'redis', 'git'],
  // The server makes the settings that this one reads.
  after: ['argocd-server'],
  ports: ['argocd-application-controller'],
  command: (setting) => ({
    program: `${setting.ingredient('programs')}/bin/argocd-application-controller`,
    args: asFlags({
      kubeconfig: kubeconfigFile(setting, 'primary', 'admin'),
      namespace: 'argocd',
      'metrics-port': setting.port('argocd-application-controller'),
      'repo-server': `127.0.0.1:${setting.port('argocd-repo-server')}`,
      redis: `127.0.0.1:${setting.port('redis')}`,
      loglevel: 'warn',
    }),
    env: environment(setting),
  }),
  ready: (setting) => expectOk(`http://127.0.0.1:${setting.port('argocd-application-controller')}/healthz`),
};

/** As Argo CD's own Procfile runs it outside of a cluster: folders for what is mounted there, and "in-cluster" is the primary. */
function environment(setting: Setting): Record<string, string> {
  return {
    PATH: `${loginFolder(setting)}:${setting.ingredient('programs')}/bin:${process.env.PATH ?? ''}`,
    KUBECONFIG: kubeconfigFile(setting, 'primary', 'admin'),
    ARGOCD_FAKE_IN_CLUSTER: 'true',
    ARGOCD_GPG_ENABLED: 'false',
    ARGOCD_GNUPGHOME: setting.file('data', 'argocd', 'gpg-home'),
    ARGOCD_GPG_DATA_PATH: setting.file('data', 'argocd', 'gpg'),
    ARGOCD_TLS_DATA_PATH: setting.file('data', 'argocd', 'tls'),
    ARGOCD_SSH_DATA_PATH: setting.file('data', 'argocd', 'ssh'),
    ARGOCD_PLUGINSOCKFILEPATH: setting.file('data', 'argocd', 'plugins'),
  };
}
