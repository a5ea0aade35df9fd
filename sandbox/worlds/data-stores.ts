import { stableEc2Id } from '../ec2/ids.ts';
import { defaultNetwork, openEgress } from '../ec2/network.ts';
import type { SecurityGroupRule } from '../ec2/state.ts';
import type { World } from '../world.ts';
import { PRIMARY_CLUSTER, PRIMARY_REGION, RECOVERY_REGION } from './names.ts';

interface DataStore {
  readonly name: string;
  readonly ports: readonly (readonly [port: number, description: string])[];
  /** Whether the recovery region has one like it, and whether that one is for drills. */
  readonly recovery: 'none' | 'production' | 'drill';
}

const dataStores: readonly DataStore[] = [
  { name: 'shop-orders-db', ports: [[5432, 'PostgreSQL from shop-prod']], recovery: 'production' },
  { name: 'shop-catalog-db', ports: [[3306, 'MySQL from shop-prod']], recovery: 'drill' },
  {
    name: 'shop-sessions-cache',
    ports: [
      [6379, 'Redis from shop-prod'],
      [6380, 'Redis with TLS from shop-prod'],
    ],
    recovery: 'drill',
  },
  { name: 'shop-events-broker', ports: [[9094, 'Kafka from shop-prod']], recovery: 'production' },
  { name: 'shop-search', ports: [[9200, 'OpenSearch from shop-prod']], recovery: 'none' },
];

/** Databases, caches and brokers in both regions: those of the primary region let the primary in. Its pods go out by two NAT gateways. */
export function seedDataStores(world: World): void {
  const primary = world.eks.clusters[`${PRIMARY_REGION}/${PRIMARY_CLUSTER}`]?.vpc.clusterSecurityGroupId ?? '';
  for (const store of dataStores) {
    addGroup(world, PRIMARY_REGION, store, primary, {});
    if (store.recovery !== 'none')
      addGroup(world, RECOVERY_REGION, store, null, store.recovery === 'drill' ? { 'eks-dr:scope': 'drill' } : {});
  }
  const { vpc, subnets } = defaultNetwork(world, PRIMARY_REGION);
  const gateways = subnets.slice(0, 2).map((subnet, index) => {
    const id = stableEc2Id('nat', `${PRIMARY_REGION} ${index}`);
    return {
      id,
      vpcId: vpc.id,
      subnetId: subnet.id,
      state: 'available' as const,
      publicIp: `203.0.113.${10 + index}`,
      tags: { Name: `shop-prod-${index}` },
    };
  });
  const region = world.ec2.regions[PRIMARY_REGION];
  if (region === undefined) throw new Error(`the world has no network in ${PRIMARY_REGION}`);
  region.natGateways = Object.fromEntries(gateways.map((gateway) => [gateway.id, gateway]));
}

function addGroup(world: World, regionName: string, { name, ports }: DataStore, from: string | null, tags: Record<string, string>): void {
  const { vpc } = defaultNetwork(world, regionName);
  const region = world.ec2.regions[regionName];
  if (region === undefined) throw new Error(`the world has no network in ${regionName}`);
  const id = stableEc2Id('sg', `${regionName} ${name}`);
  const ruleId = (of: string) => stableEc2Id('sgr', `${regionName} ${name} ${of}`);
  const rules = ports.map(
    ([port, description]): SecurityGroupRule => ({
      id: ruleId(String(port)),
      egress: false,
      protocol: 'tcp',
      fromPort: port,
      toPort: port,
      description,
      tags: {},
      // In the recovery region nobody is let in but who is in the VPC's own range.
      ...(from === null ? { cidr: vpc.cidr } : { group: from }),
    }),
  );
  region.securityGroups[id] = { id, vpcId: vpc.id, name, description: name, rules: [...rules, openEgress(ruleId('egress'))], tags };
}
