import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect } from 'chai';
import { allotPorts } from './ports.ts';

describe('the ports of the servers', () => {
  it('are different ones that nobody listens on', async () => {
    const ports = await allotPorts(['etcd', 'kube-apiserver'], {}, new Set());
    expect(new Set(Object.values(ports)).size).to.equal(2);
    for (const port of Object.values(ports)) {
      const server = createServer().listen(port, '127.0.0.1');
      await once(server, 'listening');
      server.close();
    }
  });

  it('stay the same where they are free, or held by their own server, and are new where somebody else came', async () => {
    const busy = createServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const taken = (busy.address() as AddressInfo).port;
    try {
      const first = await allotPorts(['etcd'], {}, new Set());
      expect(await allotPorts(['etcd'], first, new Set())).to.deep.equal(first);
      expect(await allotPorts(['etcd'], { etcd: taken }, new Set(['etcd']))).to.deep.equal({ etcd: taken });
      expect((await allotPorts(['etcd'], { etcd: taken }, new Set())).etcd).to.not.equal(taken);
    } finally {
      busy.close();
    }
  });
});
