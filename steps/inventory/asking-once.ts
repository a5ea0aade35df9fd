import type { Clients } from '../clients/clients.ts';
import { once } from '../clients/memoised.ts';

/** The same clients, but for the list of all applications, which several parts look at: it is dear to Argo CD, and asked for once. */
export function askingOnce(clients: Clients): Clients {
  return {
    ...clients,
    argocd: once(async () => {
      const argocd = await clients.argocd();
      const all = once(() => argocd.listApplications());
      return { ...argocd, listApplications: (query) => (query === undefined ? all() : argocd.listApplications(query)) };
    }),
  };
}
