import type { Estate } from '../estate/estate.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { DRILL_SCOPE } from '../kit/guard.ts';
import { groupBy } from '../kit/keys.ts';
import type { Run } from '../kit/run.ts';
import type { GroupFacts } from './groups.ts';
import type { PeeredVpc } from './vpc.ts';

type PathRule = Inventory['networkPaths']['rules'][number];

/** Something about the network that only people can mend, or that a recovery would change. */
export interface PathNote {
  /** A security group, VPC or address. */
  readonly about: string;
  readonly message: string;
  readonly remedy: string;
}

/** The twin of a rule that named the primary: the same ports, in the same group or its counterpart, for the new cluster. */
export interface Twin {
  readonly region: string;
  readonly group: string;
  readonly groupName: string;
  readonly direction: 'ingress' | 'egress';
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly description: string;
}

export interface PathFacts {
  readonly run: Pick<Run, 'id' | 'mode'>;
  readonly cluster: { readonly cluster: string; readonly region: string; readonly vpcId: string };
  /** Of the recovery region and the further ones of the estate. */
  readonly groups: readonly GroupFacts[];
  /** VPCs that are peered with the new cluster's. */
  readonly peerings: readonly PeeredVpc[];
  readonly exclude: Estate['networkPaths']['exclude'];
}

/** A description of a rule: at most 255 characters of EC2's set. */
const LONGEST = 255;

/**
 * Decides which rules open the new cluster's way to what the old one reached. In the primary's own region these are the same groups;
 * in another region those with the same name stand in for them. A rule may name a group of its own VPC or of a peered one in the same
 * region only. What can't be opened, and in a drill whatever is production's, becomes a note.
 */
export function decidePaths(
  rules: readonly PathRule[],
  facts: PathFacts,
): { readonly twins: readonly Twin[]; readonly notes: readonly PathNote[] } {
  const twins = new Map<string, Twin>();
  const notes: PathNote[] = [];
  const wanted = rules.filter(({ group }) => !facts.exclude.includes(group));
  for (const members of groupBy(wanted, ({ group }) => group).values()) {
    const [first] = members;
    if (first === undefined) continue;
    const candidates = counterparts(first, facts);
    if (candidates.length === 0) notes.push(withoutCounterpart(first, members, facts));
    for (const group of candidates) {
      const obstacle = obstacleTo(group, members, facts);
      if (obstacle !== null) notes.push(obstacle);
      else for (const rule of members) addTwin(twins, rule, group, facts);
    }
  }
  return { twins: [...twins.values()], notes };
}

function counterparts(rule: PathRule, { cluster, groups, exclude }: PathFacts): GroupFacts[] {
  const open = groups.filter(({ id }) => !exclude.includes(id));
  if (rule.region === cluster.region) return open.filter(({ id }) => id === rule.group);
  return open.filter(
    ({ region, name, nameTag }) =>
      region !== rule.region && (name === rule.name || (rule.nameTag !== '' && (nameTag === rule.nameTag || name === rule.nameTag))),
  );
}

function addTwin(twins: Map<string, Twin>, rule: PathRule, group: GroupFacts, { cluster }: PathFacts): void {
  const { direction, protocol, from, to } = rule;
  const said = rule.description === '' ? '' : `: ${rule.description}`;
  const description = `${cluster.cluster}${said}`.slice(0, LONGEST);
  // The primary may be named by several groups of its own; the new cluster is one.
  const key = [group.id, direction, protocol, from, to].join(' ');
  if (!twins.has(key))
    twins.set(key, { region: group.region, group: group.id, groupName: group.name, direction, protocol, from, to, description });
}

/** Why the rules can't be made in a group; null where they can. */
function obstacleTo(group: GroupFacts, rules: readonly PathRule[], { run, cluster, peerings }: PathFacts): PathNote | null {
  const about = `${group.name} (${group.id}) in ${group.region}`;
  const ports = portsOf(rules);
  if (group.region !== cluster.region) {
    return {
      about,
      message: `${about} can't let ${cluster.cluster} in by its security group: rules name groups of their own region alone.`,
      remedy: `Let the range of the new VPC ${cluster.vpcId} in there at ${ports}, and route between the two VPCs.`,
    };
  }
  if (group.vpcId !== cluster.vpcId && !peerings.some(({ vpcId }) => vpcId === group.vpcId)) {
    return {
      about,
      message: `${about} lies in ${group.vpcId}, which is not peered with ${cluster.vpcId} of ${cluster.cluster}: the services there can't reach it (${ports}).`,
      remedy: `Peer the two VPCs with routes both ways, or let the module put the cluster into ${group.vpcId}; then run the step again. Behind a transit gateway, let the range of ${cluster.vpcId} in instead.`,
    };
  }
  const { owner } = group;
  const own =
    owner !== null && ((owner.kind === 'run' && owner.run === run.id) || (owner.kind === 'drill-scope' && owner.scope === DRILL_SCOPE));
  if (run.mode === 'recover' || own) return null;
  return {
    about,
    message: `A recovery would let ${cluster.cluster} in at ${about} (${ports}); a drill changes no rule of production's groups.`,
    remedy: 'Nothing is to be done for a recovery. To try the way in a drill, tag a group for drills with eks-dr:scope = drill.',
  };
}

function withoutCounterpart(rule: PathRule, rules: readonly PathRule[], { cluster, groups }: PathFacts): PathNote {
  const about = `${rule.name} (${rule.group}) in ${rule.region}`;
  if (rule.region === cluster.region) {
    return {
      about,
      message: `${about}, which let in the primary at ${portsOf(rules)}, does not exist any more.`,
      remedy: 'Find out what it protected, and let the new cluster in there by hand.',
    };
  }
  const regions = [...new Set([cluster.region, ...groups.map(({ region }) => region)])].join(', ');
  return {
    about,
    message: `${about} let in the primary at ${portsOf(rules)}, and no security group of that name is in ${regions}.`,
    remedy: `Give what stands in for it a security group named ${rule.name} (or with that Name tag), or take the group out with networkPaths.exclude if nothing needs it there.`,
  };
}

function portsOf(rules: readonly PathRule[]): string {
  const texts = rules.map(({ protocol, from, to }) => {
    if (protocol === '-1') return 'everything';
    return `${protocol} ${from === to ? from : `${from}-${to}`}`;
  });
  return [...new Set(texts)].join(', ');
}
