import { steps } from '../../steps/index.ts';
import { isReadOnly } from '../../steps/kit/step.ts';
import type { Stage } from '../stages/record-stages.ts';
import { shareOf } from '../stages/share-of.ts';
import type { Turn } from '../stages/step-turn.ts';
import type { Fault } from './fault-list.ts';

/** One fault in one phase of one step, at the requests that `system`, `operation` and `nth` name. */
export interface FaultCase extends Turn {
  /** The stage in which it happens, by its folder. */
  readonly folder: string;
  readonly phase: 'plan' | 'apply';
  readonly system: string;
  readonly operation: string;
  readonly nth: number;
  readonly fault: Fault['name'];
  /** Whether the step asks by itself, or a program that it starts. */
  readonly by: 'step' | 'program';
  readonly mutates: boolean;
}

/** A kind of request that a phase of a stage makes. */
interface Place extends Omit<FaultCase, 'fault' | 'nth'> {
  readonly count: number;
}

/** One of several: the faults that share a turn, each request meeting another of them. */
type Choice = Fault['name'] | readonly Fault['name'][];

const WRITE: readonly Choice[] = [
  'throttled',
  'cut after',
  'no answer',
  'proxy 200',
  ['error 500', 'late', 'cut short'],
  ['error 503', 'proxy 502', 'cut before'],
  'proxy 200 for good',
  'expired',
  ['error 500 for good', 'throttled for good', 'cut for good', 'nonsense for good', 'no answer for good'],
];
const READ: readonly Choice[] = [['proxy 200 for good', 'nonsense for good']];
const FIRST_READ: readonly Choice[] = ['throttled', 'no answer', 'cut short', 'error 500 for good', 'expired'];
const PROGRAM: readonly Choice[] = ['cut after'];
const FIRST_OF_PROGRAM: readonly Choice[] = ['throttled', 'error 500 for good', 'expired'];
const LOOK: readonly Choice[] = [['throttled', 'no answer'], ['error 500 for good', 'nonsense for good'], 'proxy 200 for good', 'expired'];

/**
 * What happens where. Every operation meets faults in the first stage that calls it, forward before undo; a step that only looks meets
 * them in each system that it asks. Of what writes, one operation of a system meets every second fault and the next one the others; where
 * faults share a turn, each system meets all of them. With `all` every operation meets everything.
 */
export function faultCases(stages: readonly Stage[], all: boolean): readonly FaultCase[] {
  const rounds = new Map<string, number>();
  const turnOf = (place: Place): number => {
    const key = `${place.by} ${place.system} ${place.mutates}`;
    const turn = rounds.get(key) ?? 0;
    rounds.set(key, turn + 1);
    return turn;
  };
  const meets = (place: Place, choices: readonly Choice[], every = 1): FaultCase[] => {
    const turn = turnOf(place);
    const { count: _, ...where } = place;
    return choices
      .filter((_choice, index) => all || (index + turn) % every === 0)
      .flatMap((choice) => (typeof choice === 'string' ? [choice] : all ? choice : [choice[turn % choice.length] ?? '']))
      .map((fault): FaultCase => ({ ...where, nth: 1, fault }));
  };

  const places = stages.flatMap(placesOf);
  const looks = lookPlaces(stages);
  const writes = firstOf(
    places.filter(({ mutates, by }) => mutates && by === 'step'),
    ({ system, operation }) => `${system} ${operation}`,
  );
  const reads = places.filter(({ mutates, by }) => !mutates && by === 'step');
  const programWrites = firstOf(
    places.filter(({ mutates, by }) => mutates && by === 'program'),
    ({ system, operation }) => `${system} ${operation}`,
  );
  return [
    ...writes.flatMap((place) => meets(place, WRITE, 2)),
    ...firstOf(reads, ({ system, operation }) => `${system} ${operation}`).flatMap((place) => meets(place, READ)),
    ...firstOf(reads, ({ system, phase }) => `${system} ${phase}`).flatMap((place) => meets(place, FIRST_READ)),
    ...programWrites.flatMap((place) => meets(place, PROGRAM)),
    ...firstOf(programWrites, ({ system }) => system).flatMap((place) => meets(place, FIRST_OF_PROGRAM)),
    ...looks.flatMap((place) => meets(place, LOOK)),
    ...stages.flatMap(expiredHalfWay),
  ];
}

/** Which of several workers has this case: not by the `nth` request, which is another where one request more was made on the way. */
export function workerOf({ step, direction, phase, system, operation, fault }: FaultCase, workers: number): number {
  return shareOf([step, direction, phase, system, operation, fault], workers);
}

export function caseText({ step, direction, phase, system, operation, nth, fault }: FaultCase): string {
  const turn = direction === 'undo' ? `${step} (undo)` : step;
  return `${turn}, ${phase}: ${system} ${operation}${nth > 1 ? ` from the ${nth}th on` : ''}, ${fault}`;
}

function placesOf(stage: Stage): Place[] {
  if (changesNothing(stage)) return [];
  const by = hasPrograms(stage) ? 'program' : 'step';
  const { step, direction, folder } = stage;
  return (['plan', 'apply'] as const).flatMap((phase) =>
    stage.calls[phase].map(({ system, operation, mutates, count }): Place => {
      return { step, direction, folder, phase, by, system, operation, mutates, count };
    }),
  );
}

/** Steps that only look are met system by system. */
function lookPlaces(stages: readonly Stage[]): Place[] {
  return stages.filter(changesNothing).flatMap(({ step, direction, folder, calls }) =>
    [...new Set(calls.apply.map(({ system }) => system))].map((system): Place => {
      return { step, direction, folder, phase: 'apply', system, operation: '*', by: 'step', mutates: false, count: 0 };
    }),
  );
}

/** In the middle of an undisturbed apply, the credentials of one account are good no more, whatever it is asked. */
function expiredHalfWay(stage: Stage): FaultCase[] {
  if (changesNothing(stage)) return [];
  const { step, direction, folder } = stage;
  return accounts.flatMap(({ system, operation, has }): FaultCase[] => {
    const count = stage.calls.apply.filter((call) => has(call.system)).reduce((sum, call) => sum + call.count, 0);
    if (count < 2) return [];
    const by = hasPrograms(stage) ? 'program' : 'step';
    const nth = Math.ceil(count / 2);
    return [{ step, direction, folder, phase: 'apply', system, operation, nth, fault: 'expired', by, mutates: true }];
  });
}

const others = ['kubernetes', 'argocd', 'gitlab', 'vault'];
const accounts = [
  // Operations of AWS are called service:Operation.
  { system: '*', operation: '*:*', has: (system: string) => !others.includes(system) },
  ...others.map((name) => ({ system: name, operation: '*', has: (system: string) => system === name })),
] as const;

function changesNothing({ step, direction }: Turn): boolean {
  return direction === 'forward' && steps.some((each) => each.id === step && isReadOnly(each));
}

function hasPrograms({ step }: Turn): boolean {
  return (steps.find(({ id }) => id === step)?.programs ?? []).length > 0;
}

function firstOf(places: readonly Place[], keyOf: (place: Place) => string): Place[] {
  return places.filter((place, index) => places.findIndex((other) => keyOf(other) === keyOf(place)) === index);
}
