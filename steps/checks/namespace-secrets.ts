import { secretsOf } from '../namespaces/place-secrets.ts';
import type { Check } from '../step.ts';
import { findings } from './from-error.ts';

/** Every value of the secrets that namespaces get, the New Relic licence key among them, is there where the steps run. */
export const namespaceSecrets: Check = {
  id: 'namespace-secrets',
  title: "The values of the namespaces' secrets are at hand",
  async run({ estate, clients }) {
    const wanted = secretsOf(estate.namespaces).flatMap(({ path, data }) => Object.entries(data).map(([key, ref]) => ({ path, key, ref })));
    const found = await Promise.all(
      wanted.map(({ path, key, ref }) =>
        findings(`${path}: ${key} is ${ref}`, async () => {
          await clients.secrets.field(ref);
          return [];
        }),
      ),
    );
    return found.flat();
  },
};
