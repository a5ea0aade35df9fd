import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ask, askJson, expectOk } from '../ask.ts';
import type { ClusterName, Server, Setting } from '../server.ts';
import { asFlags } from './etcd.ts';
import { apiServerUrl, kubeconfigFile } from './kubeconfig.ts';

const NODES = 3;

/** Plays the kubelets: every node is Ready, every pod runs at once. */
export function kwok(cluster: ClusterName): Server {
  const name = `kwok-${cluster}`;
  return {
    name,
    made: ['programs'],
    after: [`kube-apiserver-${cluster}`, `kube-controller-manager-${cluster}`],
    ports: [name],
    prepare: (setting) => writeStages(setting, name),
    command: (setting) => ({
      program: `${setting.ingredient('programs')}/bin/kwok`,
      args: asFlags({
        kubeconfig: kubeconfigFile(setting, cluster, 'kwok'),
        config: setting.file('data', `${name}.yaml`),
        'manage-all-nodes': 'true',
        'node-ip': '127.0.0.1',
        'server-address': `127.0.0.1:${setting.port(name)}`,
      }),
    }),
    ready: (setting) => expectOk(`http://127.0.0.1:${setting.port(name)}/healthz`),
    settle: (setting) => createNodes(setting, cluster),
  };
}

/** One file of all stages: what its --config takes. */
async function writeStages(setting: Setting, name: string): Promise<void> {
  const folder = join(setting.ingredient('programs'), 'manifests', 'kwok');
  const files = (await readdir(folder)).sort();
  const stages = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  await writeFile(setting.file('data', `${name}.yaml`), stages.join('\n---\n'));
}

async function createNodes(setting: Setting, cluster: ClusterName): Promise<void> {
  const access = { ca: setting.secrets.tls.ca, token: setting.secrets.clusters[cluster].tokens.admin };
  const nodes = `${apiServerUrl(setting, cluster)}/api/v1/nodes`;
  for (let index = 0; index < NODES; index += 1) {
    const name = `node-${index}`;
    const { status } = await ask(`${nodes}/${name}`, access);
    if (status === 404) await askJson(nodes, { ...access, method: 'POST', body: node(name, index) });
  }
}

function node(name: string, index: number): unknown {
  const zone = `eu-central-1${'abc'[index % 3]}`;
  const labels = {
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'topology.kubernetes.io/zone': zone,
    'node.kubernetes.io/instance-type': 'm7i.2xlarge',
  };
  const capacity = { cpu: '64', memory: '256Gi', pods: '500' };
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, status: { capacity, allocatable: capacity } };
}
