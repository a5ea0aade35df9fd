import type { Estate } from '../../../steps/estate/estate.ts';
import { EksDrError } from '../../../steps/kit/errors.ts';
import type { Run } from '../../../steps/kit/run.ts';
import { incidentTime, newRun } from '../../new-run.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const names = { target: 'TARGET', reason: 'REASON', incidentAt: 'INCIDENT_AT' } as const;

/** The run that the parameters of the form ask for. Throws `input-invalid` with everything that is wrong with them at once. `now`: ms since 1970. */
export function runFromParameters(environment: Environment, estate: Pick<Estate, 'targets' | 'defaultTarget'>, now: number): Run {
  const mode = environment.MODE === 'recover' ? 'recover' : 'drill';
  const made = newRun(
    {
      mode,
      target: given(environment.TARGET),
      reason: given(environment.REASON),
      incidentAt: given(environment.INCIDENT_AT),
      services: parseServices(environment.SERVICES),
      waivers: [],
    },
    names,
    { estate, now, startedBy: startersOf(environment)[0] ?? 'jenkins' },
  );
  const mistakes = [
    ...modeMistakes(environment.MODE),
    ...('run' in made ? [] : made.mistakes.map(({ text }) => text)),
    ...autoApproveMistakes(environment, mode),
  ];
  if ('mistakes' in made || mistakes.length > 0) throw refusal(mistakes);
  const url = given(environment.BUILD_URL);
  return { ...made.run, ...(url === undefined || !URL.canParse(url) ? {} : { url }) };
}

/** A build that goes on with a run may not say otherwise than the run. Throws `input-invalid` with every contradiction. */
export function refuseContradictions(environment: Environment, run: Run, now: number): void {
  const services = parseServices(environment.SERVICES);
  const incidentAt = given(environment.INCIDENT_AT);
  const incident = incidentAt === undefined ? { time: undefined } : incidentTime(incidentAt, names.incidentAt, now);
  const differs = (name: string, said: string | undefined, is: string): string[] =>
    said === undefined || said === is ? [] : [`${name} says ${said}, but the run ${run.id} has ${is}`];
  const mistakes = [
    ...differs('MODE', given(environment.MODE), run.mode),
    ...differs('TARGET', given(environment.TARGET), run.target),
    ...('mistake' in incident ? [incident.mistake.text] : differs('INCIDENT_AT', incident.time, run.incidentAt)),
    // `all` is what the form says when nobody touched it.
    ...differs('SERVICES', services === 'all' ? undefined : services.join(','), run.services === 'all' ? 'all' : run.services.join(',')),
    ...autoApproveMistakes(environment, run.mode),
  ];
  if (mistakes.length > 0) throw refusal(mistakes);
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

function autoApproveMistakes(environment: Environment, mode: Run['mode']): readonly string[] {
  return isAutoApprove(environment) && mode === 'recover'
    ? ['AUTO_APPROVE is for drills; in a recovery the approvals of the estate hold']
    : [];
}

function given(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}

function refusal(mistakes: readonly string[]): EksDrError {
  return new EksDrError('input-invalid', {
    message: `${mistakes.join('; ')}.`,
    target: 'parameters',
    remedy: 'Start a new build with corrected parameters.',
  });
}
