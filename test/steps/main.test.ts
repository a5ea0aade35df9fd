import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import { lastGoodOf } from '../../steps/inventory/last-good.ts';
import { readDocuments } from '../../steps/kit/documents.ts';
import { takeInventory } from '../../steps/take-inventory.ts';
import { built } from '../built.ts';
import { estateWith, runWith } from './context.ts';
import { type FullRemote, startFullRemote } from './full-remote.ts';

const run = promisify(execFile);

describe('a compiled step', () => {
  let remote: FullRemote;
  let silent: Server;
  const sockets = new Set<Socket>();

  before(async () => {
    remote = await startFullRemote(shopWorld({ services: 'small' }));
    // Takes every connection, and never answers.
    silent = createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    silent.close();
    await remote.stop();
  });

  async function step(folder: string, environment: NodeJS.ProcessEnv) {
    const env = { PATH: process.env.PATH, ...remote.running.environment, ...environment };
    await run(process.execPath, [await built('steps/take-inventory.js'), 'apply', '--in', folder], { env });
    return takeInventory.outputs.parse((await readDocuments(folder)).records['take-inventory']?.outputs);
  }

  it('ends when its work is done, though a system it went without has still not answered', async () => {
    const folder = join(remote.folder, 'run');
    const lastGood = join(remote.folder, 'last-good.json');
    const answerWithin = (answerSeconds: number): void => {
      const estate = estateWith({ inventory: { ...estateWith().inventory, answerSeconds, lastGood } });
      writeFileSync(join(folder, 'estate.json'), JSON.stringify(estate));
    };
    mkdirSync(folder);
    writeFileSync(join(folder, 'run.json'), JSON.stringify(runWith()));
    // On a busy machine the ones that do answer take their time, too.
    answerWithin(60);
    writeFileSync(lastGood, JSON.stringify(lastGoodOf(await step(folder, {}))));

    answerWithin(3);
    const { port } = silent.address() as { port: number };
    const found = await step(folder, { AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: `http://127.0.0.1:${port}` });
    expect(found.parts.loadBalancers.source).to.equal('last-good');
    expect(sockets.size).to.be.greaterThan(0);
  });
});
