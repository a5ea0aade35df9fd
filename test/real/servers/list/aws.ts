import { expectOk } from '../ask.ts';
import type { Command, Server, Setting } from '../server.ts';

const MINISTACK = {
  BIND_HOST: '127.0.0.1',
  MINISTACK_HOST: 'localhost',
  // Listeners of services that nobody here uses.
  IOT_MTLS_ENABLED: '0',
  SFTP_ENABLED: '0',
  // No container runtime is asked for.
  DOCKER_HOST: 'unix:///nonexistent',
};

/** Takes any credentials: a 12-digit access key is the account. */
export const ministack: Server = {
  name: 'ministack',
  made: ['python'],
  after: [],
  ports: ['ministack'],
  command: (setting) => ministackCommand(setting, 'ministack', {}),
  ready: (setting) => expectOk(`http://127.0.0.1:${setting.port('ministack')}/_ministack/health`),
};

/** Verifies signatures and enforces IAM policies. */
export const ministackAuth: Server = {
  name: 'ministack-auth',
  made: ['python'],
  after: [],
  ports: ['ministack-auth'],
  command(setting) {
    const { accessKeyId, secretAccessKey } = setting.secrets.aws;
    return ministackCommand(setting, 'ministack-auth', {
      AUTH: 'true',
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    });
  },
  ready: (setting) => expectOk(`http://127.0.0.1:${setting.port('ministack-auth')}/_ministack/health`),
};

export const moto: Server = {
  name: 'moto',
  made: ['python'],
  after: [],
  ports: ['moto'],
  command: (setting) => ({
    program: `${setting.ingredient('python')}/bin/python`,
    args: ['-m', 'moto.server', '--host', '127.0.0.1', '--port', String(setting.port('moto'))],
    // Credentials of its own: it must never reach for any of the machine's.
    env: { AWS_ACCESS_KEY_ID: 'moto', AWS_SECRET_ACCESS_KEY: 'moto' },
  }),
  ready: (setting) => expectOk(`http://127.0.0.1:${setting.port('moto')}/moto-api/data.json`),
};

function ministackCommand(setting: Setting, name: string, env: Record<string, string>): Command {
  return {
    program: `${setting.ingredient('python')}/bin/python`,
    args: ['-m', 'ministack'],
    env: { ...MINISTACK, GATEWAY_PORT: String(setting.port(name)), S3_DATA_DIR: setting.file('data', name), ...env },
  };
}
