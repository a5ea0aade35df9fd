import type { Estate } from '../../../steps/estate/estate.ts';
import { EksDrError } from '../../../steps/kit/errors.ts';
import type { Run } from '../../../steps/kit/run.ts';
import { didYouMean } from '../../estate/suggest.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the parameters of a new run say, parsed. */
export type Wish = Pick<Run, 'mode' | 'target' | 'reason' | 'incidentAt' | 'services'>;

/** The parameters of EKS-DR for a new run. Throws `input-invalid` with everything that is wrong with them at once. `now`: ms since 1970. */
export function parseParameters(environment: Environment, estate: Pick<Estate, 'targets' | 'defaultTarget'>, now: number): Wish {
  const mode = environment.MODE === 'recover' ? 'recover' : 'drill';
  const target = given(environment.TARGET) ?? estate.defaultTarget;
  const reason = given(environment.REASON) ?? '';
  const incidentAt = parseTime(given(environment.INCIDENT_AT), now);
  refuse([
    ...modeMistakes(environment.MODE),
    ...targetMistakes(target, Object.keys(estate.targets)),
    ...(mode === 'recover' && reason === ''
      ? ['REASON is empty; a recovery needs one, it stands in the report and in the merge request']
      : []),
    ...(incidentAt.mistake === undefined ? [] : [incidentAt.mistake]),
    ...autoApproveMistakes(environment, mode),
  ]);
  return {
    mode,
    target,
    reason: reason === '' ? 'drill' : reason,
    incidentAt: incidentAt.time,
    services: parseServices(environment.SERVICES),
  };
}

/** A build that goes on with a run may not say otherwise than the run. Throws `input-invalid` with every contradiction. */
export function refuseContradictions(environment: Environment, run: Run, now: number): void {
  const services = parseServices(environment.SERVICES);
  const incidentAt = given(environment.INCIDENT_AT);
  const { mistake, time } = parseTime(incidentAt, now);
  const differs = (name: string, said: string | undefined, is: string): string[] =>
    said === undefined || said === is ? [] : [`${name} says ${said}, but the run ${run.id} has ${is}`];
  refuse([
    ...differs('MODE', given(environment.MODE), run.mode),
    ...differs('TARGET', given(environment.TARGET), run.target),
    ...(mistake === undefined ? differs('INCIDENT_AT', incidentAt === undefined ? undefined : time, run.incidentAt) : [mistake]),
    // `all` is what the form says when nobody touched it.
    ...differs('SERVICES', services === 'all' ? undefined : services.join(','), run.services === 'all' ? 'all' : run.services.join(',')),
    ...autoApproveMistakes(environment, run.mode),
  ]);
}

export function isAutoApprove(environment: Environment): boolean {
  return environment.AUTO_APPROVE === 'true';
}

/** Whoever started or restarted the build, first one first; Jenkins hands them over one a line. */
export function startersOf(environment: Environment): readonly string[] {
  return [...new Set((environment.EKS_DR_STARTERS ?? '').split('\n').map((name) => name.trim()))].filter((name) => name !== '');
}

export function parseServices(text: string | undefined): Run['services'] {
  const names = (text ?? '').split(/[\s,]+/).filter((name) => name !== '');
  return names.length === 0 || (names.length === 1 && names[0] === 'all') ? 'all' : [...new Set(names)];
}

function modeMistakes(mode: string | undefined): readonly string[] {
  return mode === undefined || mode === 'drill' || mode === 'recover' ? [] : [`MODE is "${mode}"; it takes drill or recover`];
}

function targetMistakes(target: string, targets: readonly string[]): readonly string[] {
  if (targets.includes(target)) return [];
  return [`TARGET is "${target}", which the estate does not know (${didYouMean(target, targets) ?? `targets: ${targets.join(', ')}`})`];
}

function autoApproveMistakes(environment: Environment, mode: Run['mode']): readonly string[] {
  return isAutoApprove(environment) && mode === 'recover'
    ? ['AUTO_APPROVE is for drills; in a recovery the approvals of the estate hold']
    : [];
}

// A zone is asked for: on the night, nobody should have to guess whose clock was meant.
const timeWithZone = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

function parseTime(text: string | undefined, now: number): { readonly time: string; readonly mistake?: string } {
  const fallback = new Date(now).toISOString();
  if (text === undefined) return { time: fallback };
  const at = timeWithZone.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    return { time: fallback, mistake: `INCIDENT_AT is "${text}"; it takes a time with a zone such as 2027-01-12T09:30Z` };
  if (at > now) return { time: fallback, mistake: `INCIDENT_AT ${text} lies in the future` };
  return { time: new Date(at).toISOString() };
}

function given(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}

function refuse(mistakes: readonly string[]): void {
  if (mistakes.length === 0) return;
  throw new EksDrError('input-invalid', {
    message: `${mistakes.join('; ')}.`,
    target: 'parameters',
    remedy: 'Start a new build with corrected parameters.',
  });
}
