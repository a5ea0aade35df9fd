import { groupBy } from '../kit/keys.ts';
import { withoutNames } from './alike.ts';
import type { Cause } from './cause.ts';

export interface FailingService {
  readonly name: string;
  readonly application: string;
  readonly namespace?: string;
  readonly cause: Cause;
}

/** One line for each cause with the names behind it, the most frequent first: `no such image in r.example.com: cart (shop/cart:1), mail (shop/mail:2)`. */
export function causeLines(services: readonly FailingService[]): string[] {
  const shared = ({ cause, name, application, namespace }: FailingService): string =>
    withoutNames(cause.what, { service: name, application, namespace });
  return [...groupBy(services, shared)].toSorted(([, a], [, b]) => b.length - a.length).map(([what, members]) => line(what, members));
}

function line(what: string, members: readonly FailingService[]): string {
  const [first] = members;
  // Alone, a service is told in full.
  const words = members.length === 1 && first !== undefined ? first.cause.what : what;
  const abouts = new Set(members.map(({ cause }) => cause.about));
  const [about] = abouts;
  if (abouts.size > 1)
    return `${words}: ${members.map(({ name, cause }) => (cause.about === undefined ? name : `${name} (${cause.about})`)).join(', ')}`;
  return `${words}${about === undefined ? '' : ` (${about})`}: ${members.map(({ name }) => name).join(', ')}`;
}
