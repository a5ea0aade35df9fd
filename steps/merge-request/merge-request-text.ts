import { wavesOf } from '../deploy/waves.ts';
import type { Run } from '../kit/run.ts';
import { compareText } from '../kit/text.ts';
import { type LiteralFinding, placesByWord } from '../literals/scan-literals.ts';
import type { RenderedService } from '../rendering/render.ts';
import type { RecoveredTemplates } from './recover-templates.ts';

export interface MergeRequestService {
  readonly name: string;
  readonly application: string;
  readonly project: string;
  readonly tier: string;
  readonly wave: number | null;
}

export interface MergeRequestFacts {
  readonly run: Pick<Run, 'id' | 'mode' | 'reason' | 'startedBy' | 'url'>;
  readonly cluster: string;
  readonly folder: string;
  readonly templates: { readonly folder: string; readonly commit: string };
  readonly services: readonly MergeRequestService[];
  readonly rendered: readonly RenderedService[];
  readonly recovered: Omit<RecoveredTemplates, 'rendering'>;
  /** Files that people have touched on the branch, and how: they stay as they are. */
  readonly kept: readonly { readonly path: string; readonly how: string }[];
}

// Of one word as many places are shown; the rest is counted.
const SHOWN = 3;

export function mergeRequestTitle({ run, services }: Pick<MergeRequestFacts, 'run' | 'services'>): string {
  const what = `${services.length} ${services.length === 1 ? 'service' : 'services'}`;
  return run.mode === 'drill' ? `Drill ${run.id}: ${what}` : `Recovery ${run.id}: ${what}`;
}

/** The values of templates/merge-request.md.hbs. */
export function mergeRequestValues(facts: MergeRequestFacts): object {
  const { run, cluster, folder, templates, services, rendered, recovered, kept } = facts;
  const { translated, literals, images, inValues, unread } = recovered;
  const byName = new Map(rendered.map((one) => [one.name, one]));
  const open = literals.filter(({ reason }) => reason === null);
  return {
    drill: run.mode === 'drill',
    run: run.url === undefined ? `\`${run.id}\`` : `[\`${run.id}\`](${run.url})`,
    reason: cell(run.reason),
    startedBy: cell(run.startedBy),
    cluster,
    folder,
    templates,
    translated: translated.map(({ from, to, places }) => ({ from, to, places, words: places === 1 ? 'place' : 'places' })),
    open: byWord(open),
    allowed: byWord(literals.filter(({ reason }) => reason !== null)),
    images: images.map((one) => ({ image: one.image, ...someOf(one.services) })),
    inValues,
    unread: unread.map((one) => ({ ...one, reason: cell(one.reason) })),
    moved: rendered.flatMap(({ name, moved }) => moved.map(({ repository, from, to }) => ({ name, repository, from: from ?? 'none', to }))),
    ambiguous: rendered.flatMap(({ name, ambiguous }) => ambiguous.map((repository) => ({ name, repository }))),
    manual: rendered.filter(({ automated }) => !automated).map(({ name }) => name),
    waves: wavesOf(services).map(({ number, services: members }) => ({ number, count: members.length, tiers: tiersOf(members) })),
    services: services
      .toSorted((a, b) => (a.wave ?? 0) - (b.wave ?? 0) || compareText(`${a.tier} ${a.name}`, `${b.tier} ${b.name}`))
      .map((one) => ({ ...one, tier: cell(one.tier), differs: differences(byName.get(one.name), folder, open) })),
    kept,
  };
}

function tiersOf(services: readonly { readonly tier: string }[]): string {
  const tiers = [...new Set(services.map(({ tier }) => tier))].toSorted(compareText);
  return tiers.map((tier) => `${services.filter((one) => one.tier === tier).length} ${cell(tier)}`).join(', ');
}

/** What of one service differs beside what differs for all. */
function differences(service: RenderedService | undefined, folder: string, open: readonly LiteralFinding[]): string {
  if (service === undefined) return '';
  const count = open.filter(({ file }) => file === `${folder}/${service.file}`).length;
  return [
    service.moved.length > 0 ? `${service.moved.length === 1 ? 'image' : `${service.moved.length} images`} moved` : '',
    service.ambiguous.length > 0 ? 'several versions ran' : '',
    service.overridden ? 'with what Git overrides for the primary’s' : '',
    service.automated ? '' : 'not synced by itself',
    count > 0 ? `names the primary (${count} in its file)` : '',
  ]
    .filter((text) => text !== '')
    .join(', ');
}

function byWord(findings: readonly LiteralFinding[]): object[] {
  return placesByWord(findings).map(([literal, places]) => ({
    literal,
    kind: places[0]?.kind,
    reason: cell(places[0]?.reason ?? ''),
    places: places.length,
    ...someOf(places.map(({ file, line }) => `\`${file}:${line}\``)),
  }));
}

function someOf(names: readonly string[]): { readonly shown: readonly string[]; readonly more: number } {
  return { shown: names.slice(0, SHOWN), more: Math.max(0, names.length - SHOWN) };
}

/** Free text in a cell of a table: on one line, and no bar or markup that ends the cell. */
function cell(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}
