import * as z from 'zod';
import type { Clients } from './clients/clients.ts';
import { manages, reads } from './cluster-rights.ts';
import { connectCluster } from './connect-cluster.ts';
import type { Estate } from './estate/estate.ts';
import type { Inventory } from './inventory/inventory.ts';
import type { Resource } from './kit/resource.ts';
import type { Run } from './kit/run.ts';
import { decidePaths, type PathNote, type Twin } from './network-paths/decide.ts';
import { groupsIn } from './network-paths/groups.ts';
import { probeJob, probeJobName } from './network-paths/probe.ts';
import { natAddresses, peeringsOf } from './network-paths/vpc.ts';
import { vpcNotes } from './network-paths/vpc-notes.ts';
import { prepareNamespaces } from './prepare-namespaces.ts';
import { ec2SecurityGroupRule } from './resources/ec2-security-group-rule.ts';
import { kubernetesObject } from './resources/kubernetes-object.ts';
import { defineStep } from './step.ts';
import { takeInventory } from './take-inventory.ts';
import { probeSucceeded } from './waits/probe-succeeded.ts';

export const openNetworkPaths = defineStep({
  id: 'open-network-paths',
  title: 'Open the ways to what the old cluster reached',
  needs: { connected: connectCluster, inventory: takeInventory },
  // The namespaces in which probes may run.
  after: [prepareNamespaces],
  reads: ['networkPaths'],
  outputs: z.object({
    /** Rules that let the new cluster in. */
    rules: z.number(),
    notes: z.array(z.object({ about: z.string(), message: z.string(), remedy: z.string() })),
  }),
  drivers: [ec2SecurityGroupRule, kubernetesObject],
  waits: [probeSucceeded],
  checks: [],
  onCluster: [...manages('batch', 'jobs'), ...reads('', 'pods')],

  async describe({ estate, run, clients, log, needs: { connected, inventory } }) {
    const at = { region: connected.region, cluster: connected.cluster };
    const { rules, notes } = await pathsFor({ estate, run, clients, connected, inventory });
    for (const { message, remedy } of notes) log.warn(`${message} -> ${remedy}`);
    const { probes, probeImage } = estate.networkPaths;
    return [
      rules,
      probes.map((probe) => probeJob(at, probe, probeImage, run.id)),
      probes.map((probe) => {
        const { namespace, host, port } = probe;
        return probeSucceeded.for({ ...at, namespace, job: probeJobName(probe), host, port });
      }),
    ];
  },

  async finish({ estate, run, clients, needs: { connected, inventory } }) {
    const { rules, notes } = await pathsFor({ estate, run, clients, connected, inventory });
    return { rules: rules.length, notes };
  },
});

interface NewCluster {
  readonly cluster: string;
  readonly region: string;
  readonly vpcId: string;
  readonly clusterSecurityGroupId: string;
}

/** Looks at the security groups as they are now: the rules that this run makes or has made, and what it can't open. */
async function pathsFor(of: {
  readonly estate: Pick<Estate, 'networkPaths'>;
  readonly run: Pick<Run, 'id' | 'mode'>;
  readonly clients: Pick<Clients, 'ec2'>;
  readonly connected: NewCluster;
  readonly inventory: Pick<Inventory, 'networkPaths'>;
}): Promise<{ readonly rules: Resource[]; readonly notes: PathNote[] }> {
  const { estate, run, clients, connected, inventory } = of;
  const { exclude, regions } = estate.networkPaths;
  const searched = [...new Set([connected.region, ...regions])];
  const ec2 = await clients.ec2(connected.region);
  const [groups, peerings, addresses] = await Promise.all([
    Promise.all(searched.map(async (region) => groupsIn(await clients.ec2(region), region))),
    peeringsOf(ec2, connected.vpcId),
    natAddresses(ec2, connected.vpcId),
  ]);
  const { twins, notes } = decidePaths(inventory.networkPaths.rules, { run, cluster: connected, groups: groups.flat(), peerings, exclude });
  const around = vpcNotes(inventory.networkPaths, {
    ...connected,
    natAddresses: addresses,
    peered: peerings.map(({ vpcId }) => vpcId),
  });
  const rules = twins.map((twin) => ruleOf(twin, connected.clusterSecurityGroupId, run.id));
  return { rules: await notOfOthers(clients, rules, run.id), notes: [...notes, ...around] };
}

function ruleOf({ region, group, direction, protocol, from, to, description }: Twin, peer: string, run: string): Resource {
  return ec2SecurityGroupRule.resource(
    { region, group, direction, protocol, from: String(from), to: String(to), peer },
    { description, run },
  );
}

/** Without the rules that somebody else has made already: the way is open, and closing it again is not ours. */
async function notOfOthers(clients: Pick<Clients, 'ec2'>, rules: readonly Resource[], run: string): Promise<Resource[]> {
  const state = z.object({ run: z.string().nullable() }).nullable();
  const planned = await ec2SecurityGroupRule.plan(clients, rules);
  return rules.filter((_, index) => {
    const before = state.parse(planned[index]?.before ?? null);
    return before === null || before.run === run;
  });
}
