import { isJsonObject, type Json, type JsonObject, objectOf } from '../kit/json.ts';
import { nameOf } from './application.ts';

/** What stands beside a generator without being one. */
const NO_GENERATORS = new Set(['selector', 'template', 'values', 'mergeKeys']);

/** An ApplicationSet for people: its name, and by which generators it makes applications. */
export function describeApplicationSet(set: JsonObject): string {
  const name = nameOf(set);
  const generators = generatorsIn(objectOf(set.spec).generators);
  return `${name === '' ? 'an ApplicationSet' : `the ApplicationSet ${name}`}${generators === '' ? '' : `, generator ${generators}`}`;
}

/** `list and git`, `matrix of git and clusters`. */
function generatorsIn(generators: Json | undefined): string {
  const words = (Array.isArray(generators) ? generators : []).flatMap((generator: Json) =>
    Object.entries(objectOf(generator))
      .filter(([kind]) => !NO_GENERATORS.has(kind))
      .map(([kind, settings]) => {
        const inner = isJsonObject(settings) ? generatorsIn(settings.generators) : '';
        return inner === '' ? kind : `${kind} of ${inner}`;
      }),
  );
  return [...new Set(words)].join(' and ');
}
