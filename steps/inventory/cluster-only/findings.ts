import type { Estate } from '../../estate/estate.ts';
import { clusterOnlyKinds } from '../../estate/platform.ts';
import { matchesGlob } from '../../kit/glob.ts';
import type { Finding } from '../../kit/step.ts';
import type { Inventory } from '../inventory.ts';
import type { ClusterOnlyKind, ClusterOnlyObject } from '../parts/cluster-only.ts';

type NamedFinding = Finding & { readonly check: string };
type Accepted = Estate['inventory']['acceptedLosses'][number];

const CHECK = 'cluster-only-objects';
const NAMES = 5;

/** How people call the kinds, how bad their loss is, and what can be done about it beforehand. */
const ABOUT = {
  Secret: {
    words: ['Secret', 'Secrets'],
    severity: 'warning',
    remedy: 'Keep their values in Vault or a secret manager, and let Git or the estate (namespaces.secrets) bring them',
  },
  PersistentVolumeClaim: {
    words: ['persistent volume claim', 'persistent volume claims'],
    severity: 'warning',
    remedy: 'Copy their data to where the recovery can reach it (snapshots in its region, a backup), and write down how it comes back',
  },
  ConfigMap: { words: ['ConfigMap', 'ConfigMaps'], severity: 'note', remedy: 'Put them into Git' },
  CustomResourceDefinition: {
    words: ['definition of a custom resource', 'definitions of custom resources'],
    severity: 'note',
    remedy: 'Let an application bring them (Argo CD), or an add-on of the estate',
  },
} as const satisfies Record<ClusterOnlyKind, object>;

/** What a recovery from Git does not bring back: one finding a kind, and one a kind whose loss the estate accepts. */
export function clusterOnlyFindings({ clusterOnly, primary }: Inventory, acceptedLosses: readonly Accepted[]): NamedFinding[] {
  if (clusterOnly === null) return [];
  const evidence = `the objects of ${primary.cluster}`;
  const unseen = clusterOnly.notSeen.map(
    ({ kind, reason }): NamedFinding => ({
      check: CHECK,
      severity: 'warning',
      message: `Whether ${ABOUT[kind].words[1]} exist only in ${primary.cluster} is not known: ${reason}`,
      evidence,
      remedy: `Let the identity of the inventory list ${ABOUT[kind].words[1]} of the primary, or find out by hand what they are.`,
    }),
  );
  const losses = clusterOnlyKinds.flatMap((kind) => {
    const objects = clusterOnly.objects.filter((object) => object.kind === kind);
    const reasons = new Map(objects.map((object) => [object, acceptedLosses.find((accepted) => accepts(accepted, object))?.reason]));
    const open = objects.filter((object) => reasons.get(object) === undefined);
    const accepted = objects.filter((object) => reasons.get(object) !== undefined);
    return [
      ...(open.length === 0 ? [] : [lossOf(kind, open, { cluster: primary.cluster, evidence })]),
      ...(accepted.length === 0
        ? []
        : [
            acceptedOf(
              kind,
              accepted,
              [...new Set(reasons.values())].filter((one) => one !== undefined),
            ),
          ]),
    ];
  });
  return [...unseen, ...losses];
}

function accepts(accepted: Accepted, { kind, namespace, name }: ClusterOnlyObject): boolean {
  return accepted.kind === kind && matchesGlob(accepted.namespace, namespace) && matchesGlob(accepted.name, name);
}

function lossOf(
  kind: ClusterOnlyKind,
  objects: readonly ClusterOnlyObject[],
  { cluster, evidence }: { readonly cluster: string; readonly evidence: string },
): NamedFinding {
  const { severity, remedy } = ABOUT[kind];
  const one = objects.length === 1;
  const what =
    kind === 'PersistentVolumeClaim'
      ? `of ${cluster} ${one ? 'holds' : 'hold'} data that no recovery brings back`
      : `${one ? 'exists' : 'exist'} only in ${cluster}, and no recovery brings ${one ? 'it' : 'them'} back`;
  return {
    check: CHECK,
    severity,
    message: `${counted(kind, objects)} ${what}: ${namesOf(objects)}.`,
    evidence,
    remedy: `${remedy}; or accept the loss in inventory.acceptedLosses of the estate.`,
  };
}

function acceptedOf(kind: ClusterOnlyKind, objects: readonly ClusterOnlyObject[], reasons: readonly string[]): NamedFinding {
  return {
    check: CHECK,
    severity: 'note',
    message: `The loss of ${counted(kind, objects)} is accepted: ${namesOf(objects)}.`,
    evidence: `inventory.acceptedLosses: ${reasons.join('; ')}`,
    remedy: 'Nothing, as long as the reasons hold.',
  };
}

function counted(kind: ClusterOnlyKind, { length }: readonly ClusterOnlyObject[]): string {
  const [one, many] = ABOUT[kind].words;
  return `${length} ${length === 1 ? one : many}`;
}

function namesOf(objects: readonly ClusterOnlyObject[]): string {
  const names = objects.slice(0, NAMES).map(({ namespace, name }) => (namespace === '' ? name : `${namespace}/${name}`));
  return `${names.join(', ')}${objects.length > NAMES ? ` and ${objects.length - NAMES} more` : ''}`;
}
