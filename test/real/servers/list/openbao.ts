import { askJson } from '../ask.ts';
import type { Server, Setting } from '../server.ts';

export function openbaoUrl(setting: Setting): string {
  return `http://127.0.0.1:${setting.port('openbao')}`;
}

/** In memory, unsealed: what is in it ends with it. */
export const openbao: Server = {
  name: 'openbao',
  made: ['python'],
  after: [],
  ports: ['openbao'],
  command: (setting) => ({
    program: `${setting.ingredient('python')}/bin/bao`,
    args: ['server', '-dev', '-dev-no-store-token', `-dev-listen-address=127.0.0.1:${setting.port('openbao')}`],
    env: { BAO_DEV_ROOT_TOKEN_ID: setting.secrets.openbaoRootToken },
  }),
  async ready(setting) {
    const health = (await askJson(`${openbaoUrl(setting)}/v1/sys/health`)) as { sealed?: boolean };
    if (health.sealed !== false) throw new Error('openbao is sealed');
  },
};
