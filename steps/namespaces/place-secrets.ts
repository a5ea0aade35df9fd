import type { Clients, ClusterRef } from '../clients/clients.ts';
import type { Estate } from '../estate/estate.ts';
import { EksDrError, gather } from '../kit/errors.ts';
import type { Resource } from '../kit/resource.ts';
import { kubernetesSecret } from '../resources/kubernetes-secret.ts';

/** A secret of the estate: in which namespaces it shall be, and by key where its values are found. */
interface WantedSecret {
  /** Where the estate says so: 'namespaces.secrets[0]'. */
  readonly path: string;
  readonly name: string;
  readonly type: string;
  readonly namespaces: 'all' | readonly string[];
  readonly data: Readonly<Record<string, string>>;
}

type Settings = Pick<Estate['namespaces'], 'newRelic' | 'secrets'>;

/** Every secret that the estate wants in namespaces: the New Relic licence, then the further ones. */
export function secretsOf({ newRelic, secrets }: Settings): WantedSecret[] {
  const further = secrets.map((secret, index) => ({ ...secret, path: `namespaces.secrets[${index}]` }));
  if (newRelic === undefined) return further;
  const { secretName: name, secretKey, licenseKey } = newRelic;
  return [{ path: 'namespaces.newRelic', name, type: 'Opaque', namespaces: 'all', data: { [secretKey]: licenseKey } }, ...further];
}

/** A secret in a namespace as a resource, and where the estate asks for it. */
export interface PlacedSecret {
  readonly path: string;
  readonly resource: Resource;
}

/** One resource a secret and namespace. Throws `input-invalid` with every namespace that is not prepared, and every secret that two entries bring. */
export async function placeSecrets(
  clients: Pick<Clients, 'secrets'>,
  settings: Settings,
  { region, cluster }: ClusterRef,
  prepared: readonly string[],
  labels: Readonly<Record<string, string>>,
): Promise<PlacedSecret[]> {
  const wanted = secretsOf(settings);
  refuseMistakes(wanted, prepared);
  const placed = wanted.map(async ({ path, name, type, namespaces, data }) => {
    const fields = await Promise.all(Object.entries(data).map(async ([key, ref]) => [key, await clients.secrets.field(ref)] as const));
    return (namespaces === 'all' ? prepared : namespaces).map((namespace) => ({
      path,
      resource: kubernetesSecret.resource(
        { region, cluster, namespace, name },
        { type, labels: { ...labels }, data: Object.fromEntries(fields) },
      ),
    }));
  });
  return (await Promise.all(placed)).flat();
}

function refuseMistakes(wanted: readonly WantedSecret[], prepared: readonly string[]): void {
  const known = new Set(prepared);
  const taken = new Map<string, string>();
  const mistakes: EksDrError[] = [];
  for (const { path, name, namespaces } of wanted) {
    for (const namespace of namespaces === 'all' ? prepared : namespaces) {
      if (!known.has(namespace)) mistakes.push(unknownNamespace(path, name, namespace));
      const place = `${namespace}/${name}`;
      const other = taken.get(place);
      if (other !== undefined) mistakes.push(twice(place, other, path));
      taken.set(place, path);
    }
  }
  if (mistakes.length > 0) throw gather(mistakes);
}

function unknownNamespace(path: string, name: string, namespace: string): EksDrError {
  return new EksDrError('input-invalid', {
    message: `The secret ${name} shall be in the namespace ${namespace}, which is not prepared: neither the primary nor a service has it, or it is excluded.`,
    target: `${path}.namespaces`,
    remedy: `Correct ${path}.namespaces, or take ${namespace} out of namespaces.exclude; then plan again.`,
  });
}

function twice(place: string, first: string, second: string): EksDrError {
  return new EksDrError('input-invalid', {
    message: first === second ? `${second} names the secret ${place} twice.` : `${first} and ${second} both bring the secret ${place}.`,
    target: second,
    remedy: 'Rename one of them, or give them different namespaces; then plan again.',
  });
}
