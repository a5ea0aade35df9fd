import type { Colors } from 'picocolors/types.ts';
import type { Plan, PlanItem } from '../../steps/kit/plan.ts';
import { waves } from '../../steps/kit/plan.ts';
import { type Change, changeVerb, isWait, type ResourceId } from '../../steps/kit/resource.ts';
import { durationText } from '../../steps/kit/text.ts';
import { allFields, changedFields } from './fields.ts';

/** How things are called: for a kind and an id, the noun and the label that its driver gives them. */
export type Namer = (kind: string, id: ResourceId) => string;

export interface ShowOptions {
  readonly name: Namer;
  readonly colours: Colors;
  /** Everything: all fields of what is created and deleted, and no cutting. */
  readonly details: boolean;
}

// So much fits on a screen beside the question; `d` shows the rest.
const FEW_ITEMS = 30;
const FEW_FIELDS = 8;

/** A plan as lines for a person who shall approve it. */
export function planLines(plan: Plan, title: string, options: ShowOptions): readonly string[] {
  const { colours, details } = options;
  const items = waves(plan.items).flat();
  // Whatever asks by itself is shown, however long the plan.
  const shown = details ? items : items.filter((item, index) => index < FEW_ITEMS || (!isWait(item) && item.changedSince !== undefined));
  const hidden = items.length - shown.length;
  const { changes } = plan;
  return [
    '',
    colours.bold(`${title} (${plan.direction === 'undo' ? 'undo of ' : ''}${plan.step}, plan ${plan.attempt})`),
    ...shown.flatMap((item) => itemLines(item, options)),
    ...(hidden === 0 ? [] : [colours.dim(`  ... and ${hidden} more; d shows all`)]),
    ...plan.leftAlone.map(({ kind, id }) => colours.yellow(`  ! ${options.name(kind, id)}: changed since by others, left as it is`)),
    ...goneLines(plan, options),
    `  ${changes.create} to create, ${changes.update} to change, ${changes.delete} to delete; about ${durationText(plan.expectedSeconds)} of waiting`,
    colours.dim(`  ${plan.digest}`),
  ];
}

function goneLines({ goneWithCluster: gone = [] }: Plan, { details, name, colours }: ShowOptions): readonly string[] {
  if (gone.length === 0) return [];
  if (!details) return [colours.dim(`  gone with the cluster: ${gone.length} things inside it; d shows them`)];
  return gone.map(({ kind, id }) => colours.dim(`  gone with the cluster: ${name(kind, id)}`));
}

function itemLines(item: PlanItem, options: ShowOptions): readonly string[] {
  if (!isWait(item)) return changeLines(item, options);
  return [
    options.colours.dim(
      `  . wait: ${item.title} (about ${durationText(item.expectedSeconds)}, at most ${durationText(item.limitSeconds)})`,
    ),
  ];
}

function changeLines(change: Change, options: ShowOptions): readonly string[] {
  const { colours, name } = options;
  const label = name(change.kind, change.id);
  const since =
    change.changedSince === undefined
      ? []
      : [colours.yellow(`      ${sinceText(change.changedSince)}:`), ...diffLines(change.changedSince, change.before, options)];
  switch (changeVerb(change)) {
    case 'create':
      return [colours.green(`  + ${label}`), ...stateLines(change.after, options)];
    case 'delete':
      return [colours.red(`  - ${label}`), ...stateLines(change.before, options), ...since];
    case 'update':
      return [colours.yellow(`  ~ ${label}`), ...diffLines(change.before, change.after, options), ...since];
  }
}

function sinceText(ours: Change['changedSince']): string {
  return ours === null ? 'added since, and not by us' : 'changed since we made it';
}

function stateLines(state: Change['after'], { details, colours }: ShowOptions): readonly string[] {
  return details ? allFields(state).map(([path, value]) => colours.dim(`      ${path}: ${value}`)) : [];
}

function diffLines(before: Change['before'], after: Change['after'], { details, colours }: ShowOptions): readonly string[] {
  const fields = changedFields(before, after);
  const shown = details ? fields : fields.slice(0, FEW_FIELDS);
  const lines = shown.map(({ path, before: from, after: to }) => `      ${path}: ${from ?? '(none)'} -> ${to ?? '(none)'}`);
  return shown.length === fields.length ? lines : [...lines, colours.dim(`      ... and ${fields.length - shown.length} fields more`)];
}
