import { Document, isCollection, isMap, isNode, isScalar, isSeq, type Node, Scalar } from 'yaml';
import { isJsonObject, type Json } from '../../steps/kit/json.ts';
import { brief } from '../../steps/kit/text.ts';
import { type Difference, differences } from './differences.ts';
import type { ListedAddon } from './list.ts';
import { placeholdersIn } from './unknown-facts.ts';

/** Add-ons for people, and for Helm: one YAML document of values for each, under comments that say what it is. */
export function addonsText(addons: readonly ListedAddon[]): string {
  return addons.map(addonText).join('\n---\n');
}

function addonText(listed: ListedAddon): string {
  const values = valuesText(listed);
  return [...headings(listed, values), '', values].join('\n');
}

function headings({ addon, step, ours }: ListedAddon, values: string): string[] {
  const { name, namespace, release, chart } = addon;
  const unknown = placeholdersIn(values);
  const width = Math.max(...unknown.map(({ placeholder }) => placeholder.length));
  return [
    `# ${name}`,
    `#   chart       ${chart.chart} ${chart.version}${remark(chart.version, ours?.chart.version)}`,
    `#   repository  ${chart.repository}${remark(chart.repository, ours?.chart.repository)}`,
    `#   namespace   ${namespace}${remark(namespace, ours?.namespace)}`,
    `#   release     ${release}`,
    `#   step        ${step}`,
    ...(ours === null ? ['#   values      of the estate, all of them'] : []),
    ...(unknown.length === 0 ? [] : ['# Known on the night:']),
    ...unknown.map(({ placeholder, meaning }) => `#   ${placeholder.padEnd(width)}  ${meaning}`),
  ];
}

function remark(value: string, ours: string | undefined): string {
  return ours === undefined || ours === value ? '' : ` (${saying({ path: [], ours })})`;
}

/** What the estate changed carries a comment: on its line, and above what has no line of its own. */
function valuesText({ addon: { values }, ours }: ListedAddon): string {
  const document = new Document(values, { aliasDuplicateObjects: false });
  for (const difference of ours === null ? [] : differences(values, ours.values)) {
    const parent = document.getIn(difference.path.slice(0, -1), true);
    const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === difference.path.at(-1)) : undefined;
    if (pair === undefined) continue;
    if (isScalar(pair.value)) pair.value.comment = ` ${saying(difference)}`;
    else if (isNode(pair.value)) markAll(pair.value, pair.key, ` ${saying(difference)}`);
  }
  return document.toString({ lineWidth: 0 });
}

/** A list or mapping that came as a whole: each line of it. */
function markAll(node: Node, key: unknown, comment: string): void {
  if (isScalar(node)) node.comment = comment;
  else if (isCollection(node) && node.items.length === 0 && key instanceof Scalar) key.commentBefore = comment;
  else if (isSeq(node)) for (const item of node.items) markAll(item as Node, null, comment);
  else if (isMap(node)) for (const pair of node.items) markAll(pair.value as Node, pair.key, comment);
}

function saying({ ours }: Difference): string {
  return ours === undefined || !isPlain(ours) ? 'from the estate' : `from the estate, instead of ${brief(plainText(ours), 60)}`;
}

function isPlain(value: Json): boolean {
  return !Array.isArray(value) && !isJsonObject(value);
}

function plainText(value: Json): string {
  return value === '' ? "''" : String(value);
}
