import type { Estate } from '../steps/estate/estate.ts';
import type { Run } from '../steps/kit/run.ts';
import { didYouMean } from './estate/suggest.ts';

/** What a person says of a new run; undefined: nothing. */
export interface Wish extends Pick<Run, 'mode' | 'services' | 'waivers'> {
  readonly target: string | undefined;
  readonly reason: string | undefined;
  readonly incidentAt: string | undefined;
}

/** What the command line or a form calls these: `--target`, `TARGET`. */
export type WishNames = Readonly<Record<'target' | 'reason' | 'incidentAt', string>>;

/** A part of a sentence that starts with the name, and the name. */
export interface WishMistake {
  readonly name: string;
  readonly text: string;
}

/** The run that was wished for, started `now` (ms since 1970) by `startedBy`, or everything that is wrong with the wish. */
export function newRun(
  wish: Wish,
  names: WishNames,
  { estate, now, startedBy }: { estate: Pick<Estate, 'targets' | 'defaultTarget'>; now: number; startedBy: string },
): { readonly run: Run } | { readonly mistakes: readonly WishMistake[] } {
  const { mode, target = estate.defaultTarget, services, waivers } = wish;
  const reason = wish.reason?.trim() ?? '';
  const startedAt = new Date(now).toISOString();
  const incident = wish.incidentAt === undefined ? { time: startedAt } : incidentTime(wish.incidentAt, names.incidentAt, now);
  const mistakes = [
    ...targetMistakes(target, Object.keys(estate.targets), names.target),
    ...(mode === 'recover' && reason === ''
      ? [{ name: names.reason, text: `${names.reason} is empty; a recovery wants one: it stands in the report and in the merge request` }]
      : []),
    ...('mistake' in incident ? [incident.mistake] : []),
  ];
  if ('mistake' in incident || mistakes.length > 0) return { mistakes };
  const id = `${mode}-${startedAt.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`;
  return {
    run: { id, mode, target, reason: reason === '' ? mode : reason, incidentAt: incident.time, startedAt, startedBy, services, waivers },
  };
}

// A zone is asked for: on the night, nobody should have to guess whose clock was meant.
const timeWithZone = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** When the incident began, as ISO 8601 in UTC to the millisecond. `now`: ms since 1970. */
export function incidentTime(text: string, name: string, now: number): { readonly time: string } | { readonly mistake: WishMistake } {
  const at = timeWithZone.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) return { mistake: { name, text: `${name} is "${text}"; it takes a time with a zone, such as 2027-01-12T09:30Z` } };
  if (at > now) return { mistake: { name, text: `${name} ${text} lies in the future` } };
  return { time: new Date(at).toISOString() };
}

/** A target that the estate does not know. `name`: what the person calls the target. */
export function targetMistakes(target: string, targets: readonly string[], name: string): readonly WishMistake[] {
  if (targets.includes(target)) return [];
  const hint = didYouMean(target, targets) ?? `targets: ${targets.join(', ')}`;
  return [{ name, text: `${name} is "${target}", which the estate does not know (${hint})` }];
}
