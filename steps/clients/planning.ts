import type { Clients } from './clients.ts';
import { once } from './memoised.ts';
import { readOnce } from './read-once.ts';

/** The clients of one plan, which changes nothing and waits for nothing. */
export function planning(clients: Clients): Clients {
  return { ...clients, gitlab: once(async () => readOnce(await clients.gitlab())) };
}
