import type { Running } from '../../../real/servers/running.ts';
import type { Opened } from '../../contract.ts';
import { unique } from '../../unique.ts';
import { type LawWorld, worldOf } from '../world.ts';
import { connected } from './connected.ts';

export async function openbaoWorld({ openbao }: Running): Promise<Opened<LawWorld> | null> {
  if (openbao === undefined) return null;
  const run = unique('law');
  const { clients, close } = connected(run, { VAULT_ADDR: openbao.url, VAULT_TOKEN: openbao.token }, 4);
  return { subject: worldOf({ run, clients }), close: async () => close() };
}
