import { expectOk } from '../ask.ts';
import type { ClusterName, Server } from '../server.ts';

/** The store of one cluster; no fsync, since nothing in it outlives the run. */
export function etcd(cluster: ClusterName): Server {
  const name = `etcd-${cluster}`;
  const peer = `${name}-peer`;
  return {
    name,
    made: ['programs'],
    after: [],
    ports: [name, peer],
    command(setting) {
      const client = `http://127.0.0.1:${setting.port(name)}`;
      const peers = `http://127.0.0.1:${setting.port(peer)}`;
      const flags = {
        name: cluster,
        'data-dir': setting.file('data', name),
        'listen-client-urls': client,
        'advertise-client-urls': client,
        'listen-peer-urls': peers,
        'initial-advertise-peer-urls': peers,
        'initial-cluster': `${cluster}=${peers}`,
        'unsafe-no-fsync': 'true',
        'log-level': 'warn',
      };
      return { program: `${setting.ingredient('programs')}/bin/etcd`, args: asFlags(flags) };
    },
    ready: (setting) => expectOk(`http://127.0.0.1:${setting.port(name)}/health`),
  };
}

export function asFlags(flags: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
}
