import { expect } from 'chai';
import type { Clients } from '../../../steps/clients/clients.ts';
import { imageDigests } from '../../../steps/inventory/parts/image-digests.ts';
import { estateWith } from '../context.ts';

const sha = (digit: string): string => `sha256:${digit.repeat(64)}`;

function pod(images: Record<string, string>, statuses: Record<string, string>, kind = 'container') {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'web' },
    spec: { [`${kind}s`]: Object.entries(images).map(([name, image]) => ({ name, image })) },
    status: { [`${kind}Statuses`]: Object.entries(statuses).map(([name, imageID]) => ({ name, image: 'as the runtime has it', imageID })) },
  };
}

async function read(...pods: object[]) {
  const clients = { kubernetes: async () => ({ list: async () => pods }) } as unknown as Clients;
  return imageDigests.read(clients, estateWith());
}

describe('the digests of images that ran', () => {
  it('are those that the kubelet pulled for what the pods name', async () => {
    const init = pod(
      { migrate: 'registry.example.com/migrate:2' },
      { migrate: `registry.example.com/migrate@${sha('2')}` },
      'initContainer',
    );
    expect(await read(pod({ web: 'nginx:1.27' }, { web: `docker.io/library/nginx@${sha('1')}` }), init)).to.deep.equal([
      { image: 'nginx:1.27', digests: [sha('1')] },
      { image: 'registry.example.com/migrate:2', digests: [sha('2')] },
    ]);
  });

  it('are several where a tag was moved while pods ran', async () => {
    const [one, two] = ['1', '2'].map((digit) => pod({ web: 'web:latest' }, { web: `web@${sha(digit)}` }));
    expect(await read(one as object, two as object, one as object)).to.deep.equal([{ image: 'web:latest', digests: [sha('1'), sha('2')] }]);
  });

  it('are none of images that were not pulled, nor of ids that say nothing of a registry', async () => {
    expect(await read(pod({ a: 'a:1', b: 'b:1' }, { a: '', b: sha('1') }), pod({ c: 'c:1' }, {}))).to.deep.equal([]);
  });
});
