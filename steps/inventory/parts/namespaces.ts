import * as z from 'zod';
import { definePart, sortedBy } from '../part.ts';

const schema = z.array(z.strictObject({ name: z.string().min(1), labels: z.record(z.string(), z.string()) }));

/** The namespaces of the primary, with their labels. */
export const namespaces = definePart({
  schema,
  words: 'namespaces',
  system: 'the primary cluster',
  size: (value) => value.length,

  async read(clients, { primary: { region, cluster } }) {
    const kubernetes = await clients.kubernetes({ region, cluster });
    const found = await kubernetes.list({ apiVersion: 'v1', kind: 'Namespace' });
    return sortedBy(
      found.map(({ metadata }) => ({ name: metadata.name, labels: { ...metadata.labels } })),
      ({ name }) => name,
    );
  },
});
