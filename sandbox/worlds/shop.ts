import { applyManifest } from '../kubernetes/delivery.ts';
import type { World } from '../world.ts';
import { seedApiGateway } from './api-gateway.ts';
import { seedByHand } from './by-hand.ts';
import { seedDataStores } from './data-stores.ts';
import { seedArgoCd } from './delivery.ts';
import { seedDistributions } from './distributions.ts';
import { seedDns } from './dns.ts';
import { emptyWorld } from './empty.ts';
import { seedIdentities } from './identities.ts';
import { BORN } from './names.ts';
import { namespaceManifests } from './namespaces.ts';
import { seedPlatform } from './platform.ts';
import { primaryRef, seedPrimary } from './primary.ts';
import { seedGitLab } from './repository.ts';
import { allServices, fewServices } from './services.ts';
import { forwardToNow, seedSandbox, settle } from './settle.ts';
import { seedVault } from './vault.ts';
import { seedWorkloads } from './workloads.ts';

const PODS_PER_NODE = 60;

/** A shop after months in production: 150 services in three tiers on one cluster, or six of them. */
export function shopWorld(options: { readonly services: 'all' | 'small' }): World {
  const services = options.services === 'all' ? allServices() : fewServices();
  const world = emptyWorld();
  const sandbox = seedSandbox(world, BORN);
  seedIdentities(world);
  seedVault(world, services);
  const pods = services.reduce((sum, service) => sum + service.replicas, 0);
  seedPrimary(world, Math.max(3, Math.ceil(pods / PODS_PER_NODE)));
  for (const namespace of namespaceManifests(services)) applyManifest(sandbox, primaryRef, namespace, 'platform');
  seedPlatform(sandbox);
  seedWorkloads(sandbox, services);
  seedByHand(sandbox);
  seedDataStores(world);
  seedGitLab(world, services);
  sandbox.setTime(BORN + 3 * 3_600_000);
  seedArgoCd(sandbox);
  settle(sandbox);
  forwardToNow(sandbox);
  seedDns(world, services);
  seedApiGateway(world);
  seedDistributions(world);
  return world;
}
