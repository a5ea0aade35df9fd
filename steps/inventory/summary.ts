import { clusterOnlyKinds } from '../estate/platform.ts';
import { groupBy } from '../kit/keys.ts';
import { durationText } from '../kit/text.ts';
import { momentText, textTable } from '../kit/text-table.ts';
import { archivedValues } from './archived-values.ts';
import type { Inventory } from './inventory.ts';
import type { ClusterOnlyObject } from './parts/cluster-only.ts';
import { partNames, partOf } from './parts.ts';
import { loadBalancerLines } from './summary-load-balancers.ts';

const SOURCES = { live: 'live', 'last-good': 'archive', unknown: 'not known' } as const;

/** The inventory on a page or two for people: plain text, a final line end. */
export function inventorySummary(inventory: Inventory): string {
  const { primary, takenAt, services, withoutTemplate, delivery } = inventory;
  const unreachable = (delivery?.repositories ?? []).filter(({ connection }) => connection.status === 'Failed');
  const lines = [
    `Inventory of ${primary.cluster} in ${primary.region}, of ${momentText(takenAt)}`,
    '',
    ...partTable(inventory),
    ...section(`Services (${services.length})`, tierLines(services)),
    ...section(
      'Without a template in Git, so that nothing recovers them',
      withoutTemplate.map(({ name, project }) => `${name} (${project})`),
    ),
    ...clusterOnlyLines(inventory),
    ...loadBalancerLines(inventory),
    ...section(
      'Repositories that Argo CD does not reach',
      unreachable.map(({ url, connection }) => `${url}: ${connection.message}`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function partTable(inventory: Inventory): string[] {
  const values = archivedValues(inventory);
  const rows = partNames.map((name) => {
    const { source, takenAt, ageSeconds } = inventory.parts[name];
    const { words, size } = partOf(name);
    if (source === 'unknown') return [words, SOURCES[source], '-', '-', '-'];
    return [words, SOURCES[source], momentText(takenAt), durationText(ageSeconds), String(size(values[name]))];
  });
  return textTable(['Part', 'From', 'Taken', 'Age', 'Count'], rows);
}

function tierLines(services: Inventory['services']): string[] {
  return [...groupBy(services, ({ tier }) => tier)].map(
    ([tier, members]) => `${tier} (${members.length}): ${members.map(({ name }) => name).join(', ')}`,
  );
}

function clusterOnlyLines({ clusterOnly }: Inventory): string[] {
  const title = 'Only in the cluster, so that nothing in Git brings it back';
  if (clusterOnly === null) return section(title, ['not known']);
  const lines = clusterOnlyKinds.flatMap((kind) => {
    const unseen = clusterOnly.notSeen.find((one) => one.kind === kind);
    if (unseen !== undefined) return [`${kind}: not known, ${unseen.reason}`];
    return clusterOnly.objects.filter((object) => object.kind === kind).map(objectLine);
  });
  return section(title, lines);
}

function objectLine({ kind, namespace, name, by, volume }: ClusterOnlyObject): string {
  const where = namespace === '' ? name : `${namespace}/${name}`;
  const more = volume === undefined ? by : [volume.size, volume.storageClass, volume.name].filter((text) => text !== '');
  return `${kind} ${where}${more.length === 0 ? '' : ` (${more.join(', ')})`}`;
}

function section(title: string, entries: readonly string[]): string[] {
  return entries.length === 0 ? [] : ['', title, ...entries.map((entry) => `  - ${entry}`)];
}
