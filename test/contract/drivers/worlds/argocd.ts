import { connectArgoCd } from '../../../../steps/clients/argocd.ts';
import type { Running } from '../../../real/servers/running.ts';
import type { Opened } from '../../contract.ts';
import { realArgocd } from '../../subjects/argocd/server.ts';
import { unique } from '../../unique.ts';
import { type LawWorld, worldOf } from '../world.ts';
import { newAdminRole } from './cluster-admins.ts';
import { connected } from './connected.ts';
import { plainAddress } from './plain-address.ts';

export async function argocdWorld(running: Running): Promise<Opened<LawWorld> | null> {
  const opened = await realArgocd(running);
  if (opened === null) return null;
  const { url, ca, token } = opened.subject;
  const plain = await plainAddress(url, ca);
  const run = unique('law');
  const removals: (() => Promise<void>)[] = [];
  const { clients, close } = connected(run, {}, 4);
  const { clock, signal } = clients;
  const argocd = connectArgoCd({ estate: { argocd: { url: plain.url } }, environment: { ARGOCD_AUTH_TOKEN: token }, clock, signal });
  return {
    subject: worldOf({
      run,
      clients: { ...clients, argocd: async () => argocd },
      argocd: opened.subject,
      async newRegistration() {
        const role = await newAdminRole(running);
        removals.push(role.remove);
        const [one, two] = [await opened.subject.newAddress(), await opened.subject.newAddress()];
        return { servers: [one.server, two.server], ca: role.ca, authentication: role.authentication };
      },
    }),
    async close() {
      close();
      await Promise.all([plain.close(), opened.close(), ...removals.map((remove) => remove())]);
    },
  };
}
