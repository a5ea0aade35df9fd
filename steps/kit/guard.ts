import { EksDrError, gather } from './errors.ts';
import type { Change, Owner } from './resource.ts';
import type { Run } from './run.ts';

/** One change with whose the object is, as read just now. */
export interface Guarded {
  readonly change: Change;
  readonly owner: Owner;
  readonly label: string;
}

/** The value of the scope tag that marks a place for drills. */
export const DRILL_SCOPE = 'drill';

/**
 * The drill guard: in a drill nothing is changed that isn't this drill's own, whatever the step says.
 * In a recovery or a preparation, a forward plan deletes nothing that this run did not create.
 * Throws one error with every refused change.
 */
export function guard(run: Pick<Run, 'id' | 'mode'>, direction: 'forward' | 'undo', guarded: readonly Guarded[]): void {
  const refused = guarded.filter((entry) => !mayChange(run, direction, entry));
  if (refused.length > 0) throw gather(refused.map((entry) => refusal(run, entry)));
}

function mayChange(run: Pick<Run, 'id' | 'mode'>, direction: 'forward' | 'undo', { change, owner }: Guarded): boolean {
  const own = owner.kind === 'run' && owner.run === run.id;
  if (run.mode !== 'drill') return own || direction === 'undo' || change.after !== null;
  if (own || (owner.kind === 'drill-scope' && owner.scope === DRILL_SCOPE)) return true;
  return owner.kind === 'nobody' && change.before === null;
}

function refusal(run: Pick<Run, 'id' | 'mode'>, { change, owner, label }: Guarded): EksDrError {
  const verb = change.before === null ? 'create' : change.after === null ? 'delete' : 'update';
  const target = `${change.kind} ${label}`;
  const why = run.mode === 'drill' ? `it is not drill ${run.id}'s own` : `run ${run.id} did not create it`;
  return new EksDrError('drill-guard', { message: `Refused to ${verb} ${target}: ${why} (${describeOwner(owner)}).`, target });
}

function describeOwner(owner: Owner): string {
  switch (owner.kind) {
    case 'run':
      return `it belongs to run ${owner.run}`;
    case 'drill-scope':
      return `it lies in scope ${owner.scope}`;
    case 'nobody':
      return 'it belongs to no run';
    case 'other':
      return owner.detail;
  }
}
