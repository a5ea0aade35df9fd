import { expectOk } from '../ask.ts';
import type { Server } from '../server.ts';
import { ownProgram } from './own-program.ts';

/** Lets `k8s-aws-v1.` tokens into the API servers; without the ministack that checks signatures it refuses all of them. */
export const tokenWebhook: Server = {
  name: 'token-webhook',
  made: [],
  after: [],
  ports: ['token-webhook'],
  command: (setting) =>
    ownProgram(
      'token-webhook.ts',
      [
        String(setting.port('token-webhook')),
        setting.file('keys', 'server.pem'),
        setting.file('keys', 'server-key.pem'),
        `http://127.0.0.1:${setting.port('ministack-auth')}`,
      ],
      { AWS_ACCESS_KEY_ID: setting.secrets.aws.accessKeyId, AWS_SECRET_ACCESS_KEY: setting.secrets.aws.secretAccessKey },
    ),
  ready: (setting) => expectOk(`https://127.0.0.1:${setting.port('token-webhook')}/health`, { ca: setting.secrets.tls.ca }),
};
