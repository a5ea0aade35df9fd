import { commitFiles } from '../sandbox/gitlab/repository.ts';
import { seedObjects } from '../sandbox/kubernetes/seed.ts';
import type { World } from '../sandbox/world.ts';
import { manifestFiles } from '../sandbox/worlds/manifests.ts';
import { primaryRef } from '../sandbox/worlds/primary.ts';
import { allServices } from '../sandbox/worlds/services.ts';

// Services of the shop that fail for three causes, beside some that don't.

export const healthy = ['payment-api', 'invoice-api', 'shipment-api', 'session-worker', 'price-export', 'warehouse-export'];
export const failing = ['cart-api', 'search-worker', 'identity-api', 'identity-worker', 'product-export', 'order-worker', 'order-export'];

export const missingImages = ['*/shop/cart-api:*', '*/shop/search-worker:*'];

const secret = (namespace: string, name: string) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace } });
export const secrets = [secret('identity', 'shop-db'), secret('product', 'shop-certs')];

export const quota = (pods: string) => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'few', namespace: 'order' },
  spec: { hard: { pods } },
});

/** What is said of them: every cause once, with the services that have it. */
export const causes = [
  'A Secret is missing: identity-api (shop-db), identity-worker (shop-db), product-export (shop-certs).',
  'No such image in 111122223333.dkr.ecr.eu-central-1.amazonaws.com: cart-api (shop/cart-api:<tag>), search-worker (shop/search-worker:<tag>).',
  'A quota lets no more pods in (few in order: pods=1 more, limited to pods=0): order-export, order-worker.',
].join(' ');

/** The causes in an error's message, in the form of `causes`. */
export function causesIn(message: string): string {
  const [, found = ''] = /needed\)\. (.*)$/.exec(message) ?? [];
  return found.replaceAll(/:1\.\d+\.\d+\)/g, ':<tag>)');
}

/** Secrets that somebody made by hand on the primary, long ago, and that Git knows by their names alone. */
export function useSecrets(world: World): void {
  const project = Object.values(world.gitlab.projects)[0];
  if (project === undefined) throw new Error('the world has no project');
  const before = manifestFiles(allServices());
  const used: Readonly<Record<string, string>> = {
    'identity-api': '            - secretRef: {name: shop-db}\n',
    'identity-worker': '            - secretRef: {name: shop-db}\n',
    'product-export': '      volumes:\n        - name: certs\n          secret: {secretName: shop-certs}\n',
  };
  const files = Object.entries(used).map(([name, more]): [string, string] => {
    const path = `manifests/${name.split('-')[0]}/${name}/deployment.yaml`;
    return [path, `${before[path]}${more}`];
  });
  const author = { name: 'Platform', email: 'platform@example.com' };
  commitFiles(project, { branch: 'main', message: 'Use the database', author, at: world.clock - 60_000, files: Object.fromEntries(files) });
  seedObjects(world, primaryRef, secrets, 'somebody', world.clock);
}
