import type { Run } from '../kit/run.ts';
import { compareText } from '../kit/text.ts';

export interface MergeRequestService {
  readonly name: string;
  readonly application: string;
  readonly project: string;
  readonly tier: string;
}

export interface MergeRequestFacts {
  readonly run: Pick<Run, 'id' | 'mode' | 'reason' | 'startedBy'>;
  readonly cluster: string;
  readonly folder: string;
  readonly templates: { readonly folder: string; readonly commit: string };
  readonly services: readonly MergeRequestService[];
  /** Names of applications that nothing syncs by itself. */
  readonly manual: readonly string[];
}

export function mergeRequestTitle({ run, services }: Pick<MergeRequestFacts, 'run' | 'services'>): string {
  const what = `${services.length} ${services.length === 1 ? 'service' : 'services'}`;
  return run.mode === 'drill' ? `Drill ${run.id}: ${what}` : `Recovery ${run.id}: ${what}`;
}

/** The values of templates/merge-request.md.hbs. */
export function mergeRequestValues({ run, cluster, folder, templates, services, manual }: MergeRequestFacts): object {
  return {
    drill: run.mode === 'drill',
    run: run.id,
    reason: cell(run.reason),
    startedBy: cell(run.startedBy),
    cluster,
    folder,
    templates,
    services: services
      .toSorted((a, b) => compareText(`${a.tier} ${a.name}`, `${b.tier} ${b.name}`))
      .map((one) => ({ ...one, tier: cell(one.tier) })),
    manual,
  };
}

/** What stands in the recovery's folder for those who find it in Git. It also makes the folder exist when no service is chosen. */
export function folderReadme({ run, cluster }: Pick<MergeRequestFacts, 'run' | 'cluster'>): string {
  return [
    `# ${cluster}`,
    '',
    `The Argo CD applications of ${run.mode === 'drill' ? 'drill' : 'recovery'} \`${run.id}\`, written by EKS-DR from the templates of the primary cluster.`,
    'This folder belongs to that run: its undo removes it.',
    '',
  ].join('\n');
}

/** Free text in a cell of a table: on one line, and no bar or markup that ends the cell. */
function cell(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}
