import { brief } from '../kit/text.ts';
import { alike } from './alike.ts';
import type { Cause } from './cause.ts';

/** Why a controller gets no pods, from its FailedCreate event: a quota that is used up, a webhook that refuses, a rule of the namespace. */
export function refusedCause(message: string, namespace: string): Cause {
  const why = message.replace(/^Error creating: /, '').replace(/^pods "[^"]*" is forbidden: /, '');
  const [, quota, requested, , limited] = /exceeded quota: ([^,]+), requested: (.+?), used: (.+?), limited: (.+)$/.exec(why) ?? [];
  if (quota !== undefined)
    return { what: 'a quota lets no more pods in', about: `${quota} in ${namespace}: ${requested} more, limited to ${limited}` };
  return { what: `pods are refused: ${brief(alike(why), 200)}` };
}
