import type { Estate } from '../../steps/estate/estate.ts';
import { undoScopes } from '../../steps/kit/step.ts';

/** A parameter of a job: declared in the Jenkinsfile and seeded by Job DSL, from this one description. */
export type Parameter =
  | { readonly kind: 'choice'; readonly name: string; readonly choices: readonly string[]; readonly description: string }
  | { readonly kind: 'string'; readonly name: string; readonly value: string; readonly description: string }
  | { readonly kind: 'boolean'; readonly name: string; readonly value: boolean; readonly description: string };

/** EKS-DR. The harmless choice stands first: it is what a hasty click takes. */
export function recoveryParameters(estate: Pick<Estate, 'targets' | 'defaultTarget'>): readonly Parameter[] {
  return [
    choice('MODE', ['drill', 'recover'], 'drill: exercise the real path on things of its own. recover: the primary cluster is lost.'),
    targetParameter(estate),
    text('REASON', 'Why this run. A recovery needs one; it stands in the report.'),
    text('INCIDENT_AT', 'When the primary was lost, such as 2027-01-12T09:30Z: the RTO clock starts there. Empty: now.'),
    text('SERVICES', 'The services to recover, separated by commas, or all.', 'all'),
    autoApproveParameter,
    text('SOURCE_BUILD', 'The number of an earlier build of this job whose run is to be continued. Empty: a new run.'),
  ];
}

/** EKS-DR-undo: mode and target are those of the run that is undone. */
export function undoParameters(): readonly Parameter[] {
  return [
    text('SOURCE_BUILD', 'The number of the EKS-DR build whose run is to be undone: failback, drill clean-up, or giving up half way.'),
    choice('SCOPE', ['all', ...undoScopes], 'all: take back everything. endpoints: only send users back; the recovered cluster stays.'),
    text(
      'ACCEPT_UNHEALTHY_PRIMARY',
      'Why users may be sent back although load balancers of the primary are not healthy; stands in the run. Empty: they must be.',
    ),
    {
      kind: 'boolean',
      name: 'CLUSTER_GONE',
      value: false,
      description:
        'The new cluster answers no more: do without its help, and delete what its controllers made in AWS. The build ends where it does answer.',
    },
    autoApproveParameter,
  ];
}

/** EKS-DR-preflight. A recovery is what must be possible at any time, so that is what the night looks at. */
export function preflightParameters(estate: Pick<Estate, 'targets' | 'defaultTarget'>): readonly Parameter[] {
  return [choice('MODE', ['recover', 'drill'], 'What to look ahead to. Nothing is changed in either.'), targetParameter(estate)];
}

const autoApproveParameter: Parameter = {
  kind: 'boolean',
  name: 'AUTO_APPROVE',
  value: false,
  description: 'Drills only: nobody is asked, except where a second person must approve or something changed behind our back.',
};

function targetParameter({ targets, defaultTarget }: Pick<Estate, 'targets' | 'defaultTarget'>): Parameter {
  const others = Object.keys(targets).filter((name) => name !== defaultTarget);
  return choice('TARGET', [defaultTarget, ...others], 'Where to recover to: a target of the estate.');
}

function choice(name: string, choices: readonly string[], description: string): Parameter {
  return { kind: 'choice', name, choices, description };
}

function text(name: string, description: string, value = ''): Parameter {
  return { kind: 'string', name, value, description };
}
