import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import type { KubernetesObject } from '../clients/kubernetes.ts';
import { type DriverFacts, defineDriver, single } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import type { JsonObject } from '../kit/json.ts';
import { FIELD_MANAGER } from '../naming.ts';
import { type ObjectVersion, observe, readObjects } from './kubernetes-reading.ts';

interface FieldSpec<Kind extends string, State> extends Pick<DriverFacts, 'kind' | 'noun' | 'permissions'> {
  readonly apiVersion: string;
  readonly kinds: readonly [Kind, ...Kind[]];
  readonly state: z.ZodType<State>;
  /** The subresource by which it is written. */
  readonly subresource?: 'scale';
  stateOf(object: KubernetesObject): State;
  /** The part of the spec to write. */
  specOf(state: State): JsonObject;
}

/** One field in the spec of a workload of others, and nothing else of it: it is neither made nor deleted. */
export function workloadField<const Kind extends string, State>(spec: FieldSpec<Kind, State>) {
  const { kind, noun, permissions, apiVersion, state, subresource, stateOf, specOf } = spec;
  const id = z.strictObject({ region: z.string(), cluster: z.string(), kind: z.enum(spec.kinds), namespace: z.string(), name: z.string() });
  return defineDriver<z.infer<typeof id>, State, Pick<Clients, 'kubernetes'>>({
    kind,
    noun,
    compareAndSwap: { cas: 'yes', by: 'resourceVersion' },
    permissions,
    concurrency: 12,
    id,
    state,
    label: ({ cluster, kind: ofKind, namespace, name }) => `${ofKind} ${namespace}/${name} on ${cluster}`,
    async read(clients, ids) {
      const found = await readObjects(
        clients,
        ids.map((at) => ({ ...at, apiVersion })),
      );
      return found.map((each) => observe(each, stateOf));
    },
    write: single(async (clients, { id: at, after, observed }) => {
      const target = `${at.kind} ${at.namespace}/${at.name}`;
      if (after === null)
        throw new EksDrError('conflict', { message: `${target} is others': it is neither made nor deleted here.`, target });
      if (observed.version === undefined) throw new EksDrError('conflict', { message: `There is no ${target} any more.`, target });
      const { resourceVersion } = observed.version as ObjectVersion;
      const kubernetes = await clients.kubernetes(at);
      const options = { fieldManager: FIELD_MANAGER, ...(subresource === undefined ? {} : { subresource }) };
      await kubernetes.patch({ ...at, apiVersion }, { metadata: { resourceVersion }, spec: specOf(after) }, options);
    }),
  });
}
