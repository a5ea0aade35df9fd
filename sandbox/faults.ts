import { globMatches } from './glob.ts';

/** What happens to a request that a rule meets. */
export type FaultEffect =
  /** An error answer in the vendor's shape; the request has no effect. */
  | { readonly status: number; readonly code?: string; readonly message?: string }
  /** The connection is closed before the request is handled. */
  | 'cut-before'
  /** The request is handled, then the connection is closed without an answer. */
  | 'cut-after'
  /** The request is not handled, and never answered: the connection stays open until the client closes it. */
  | 'hang-before'
  /** The request is handled, but never answered. */
  | 'hang-after'
  /** Handled after this many seconds of sandbox time. */
  | { readonly delaySeconds: number }
  /** This body with status 200 (or `status`) instead of an answer; the request has its effect only if `handled`. */
  | { readonly body: string; readonly status?: number; readonly contentType?: string; readonly handled?: boolean }
  /** The vendor's "too many requests". */
  | 'throttle'
  /** The vendor's answer to credentials that were good and are so no more; the request has no effect. */
  | 'expired-credentials';

/** `{ system: 'eks', operation: 'eks:Create*', nth: 2, effect: 'cut-after' }`: the second matching request is met. */
export interface FaultRule {
  /** Name of the system, or `*`. */
  readonly system: string;
  /** Glob over the operation's name, or `METHOD /path*` over the request line. */
  readonly operation: string;
  /** Only requests to this AWS region, or to the Kubernetes API of a cluster in it: how a whole region is lost. */
  readonly region?: string;
  /** Only requests that change something. */
  readonly mutating?: boolean;
  /** The first matching request that is met, counted from 1; default 1. */
  readonly nth?: number;
  /** How many matching requests are met from then on; default 1. */
  readonly times?: number | 'always';
  readonly effect: FaultEffect;
}

export interface FaultState {
  readonly id: number;
  readonly rule: FaultRule;
  matched: number;
  applied: number;
}

/** The rules in force. They belong to a running server, not to its world. */
export interface Faults {
  add(rule: FaultRule): FaultState;
  list(): readonly FaultState[];
  clear(): void;
  /** Counts the request with every rule that matches it and gives the effect of the first rule that meets it. */
  meet(request: FaultTarget): FaultEffect | null;
  /**
   * Whether such a request does not get through from now on, as by a rule for `always`. Counts nothing: for what systems ask each other, each
   * with credentials of its own.
   */
  blocks(request: FaultTarget): boolean;
}

/** What rules look at. `region`: null where the request goes to no region. */
export interface FaultTarget {
  readonly system: string;
  readonly operation: string;
  readonly line: string;
  readonly region: string | null;
  readonly mutates: boolean;
}

function matches({ system, operation, region, mutating }: FaultRule, target: FaultTarget): boolean {
  if (mutating === true && !target.mutates) return false;
  if (system !== '*' && system !== target.system) return false;
  if (region !== undefined && region !== target.region) return false;
  return globMatches(operation, target.operation) || globMatches(operation, target.line);
}

function inForce(state: FaultState): boolean {
  const { nth = 1, times = 1 } = state.rule;
  if (state.matched < nth) return false;
  return times === 'always' || state.matched < nth + times;
}

function inForceFromNowOn({ rule: { nth = 1, times }, matched }: FaultState): boolean {
  return times === 'always' && matched + 1 >= nth;
}

/** Whether a rule leaves alone what another system asks. */
function letsOthers(effect: FaultEffect): boolean {
  return effect === 'expired-credentials' || handled(effect);
}

export function createFaults(): Faults {
  const states: FaultState[] = [];
  let lastId = 0;
  return {
    add(rule) {
      lastId += 1;
      const state: FaultState = { id: lastId, rule, matched: 0, applied: 0 };
      states.push(state);
      return state;
    },
    list: () => states,
    clear() {
      states.length = 0;
    },
    meet(target) {
      let met: FaultState | null = null;
      for (const state of states) {
        if (!matches(state.rule, target)) continue;
        state.matched += 1;
        if (met === null && inForce(state)) met = state;
      }
      if (met === null) return null;
      met.applied += 1;
      return met.rule.effect;
    },
    blocks: (target) => states.some((state) => inForceFromNowOn(state) && !letsOthers(state.rule.effect) && matches(state.rule, target)),
  };
}

/** Whether a request has its effect all the same. */
export function handled(effect: FaultEffect): boolean {
  if (typeof effect === 'string') return effect === 'cut-after' || effect === 'hang-after';
  return 'delaySeconds' in effect || ('handled' in effect && effect.handled === true);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const named: readonly string[] = [
  'cut-before',
  'cut-after',
  'hang-before',
  'hang-after',
  'throttle',
  'expired-credentials',
] satisfies FaultEffect[];

function effectProblem(effect: unknown): string | null {
  if (typeof effect === 'string' && named.includes(effect)) return null;
  if (!isObject(effect)) return `effect must be ${named.join(', ')} or an object`;
  if (typeof effect.delaySeconds === 'number' && effect.delaySeconds >= 0) return null;
  if (typeof effect.body === 'string') return null;
  if (Number.isInteger(effect.status) && Number(effect.status) >= 100 && Number(effect.status) <= 599) return null;
  return 'effect needs a status, a body or delaySeconds';
}

const members = ['system', 'operation', 'region', 'mutating', 'nth', 'times', 'effect'];

/** Reads a rule from JSON: the rule, or what is wrong with it. */
export function parseFaultRule(value: unknown): { readonly rule: FaultRule } | { readonly problem: string } {
  if (!isObject(value)) return { problem: 'a rule is an object' };
  const unknown = Object.keys(value).find((name) => !members.includes(name));
  if (unknown !== undefined) return { problem: `unknown member ${unknown}` };
  if (typeof value.system !== 'string' || typeof value.operation !== 'string') return { problem: 'system and operation are required' };
  if (value.region !== undefined && typeof value.region !== 'string') return { problem: 'region must be a text such as eu-west-1' };
  if (value.mutating !== undefined && typeof value.mutating !== 'boolean') return { problem: 'mutating must be true or false' };
  if (value.nth !== undefined && !(Number.isInteger(value.nth) && Number(value.nth) > 0)) return { problem: 'nth must be a number from 1' };
  const timesOk = value.times === undefined || value.times === 'always' || (Number.isInteger(value.times) && Number(value.times) > 0);
  if (!timesOk) return { problem: 'times must be a number from 1 or "always"' };
  const problem = effectProblem(value.effect);
  return problem === null ? { rule: value as unknown as FaultRule } : { problem };
}
