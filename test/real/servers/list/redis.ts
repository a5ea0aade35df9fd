import { once } from 'node:events';
import { connect } from 'node:net';
import type { Server } from '../server.ts';

/** Argo CD's cache; nothing of it is kept. */
export const redis: Server = {
  name: 'redis',
  made: ['redis'],
  after: [],
  ports: ['redis'],
  command: (setting) => ({
    program: setting.ingredient('redis'),
    args: [
      '--bind',
      '127.0.0.1',
      '--port',
      String(setting.port('redis')),
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      setting.file('tmp'),
    ],
  }),
  async ready(setting) {
    const socket = connect({ host: '127.0.0.1', port: setting.port('redis'), signal: AbortSignal.timeout(2_000) });
    socket.write('PING\r\n');
    const [answer] = await once(socket, 'data');
    socket.destroy();
    if (String(answer) !== '+PONG\r\n') throw new Error(`redis answers ${String(answer)}`);
  },
};
