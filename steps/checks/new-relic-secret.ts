import type { Check } from '../step.ts';
import { findings } from './from-error.ts';

/** The New Relic licence key has a value where the steps run. */
export const newRelicSecret: Check = {
  id: 'new-relic-secret',
  title: 'The New Relic licence key is at hand',
  run({ estate, clients }) {
    const ref = estate.namespaces.newRelic?.licenseKey;
    return findings(`namespaces.newRelic.licenseKey is ${ref}`, async () => {
      if (ref !== undefined) await clients.secrets.field(ref);
      return [];
    });
  },
};
