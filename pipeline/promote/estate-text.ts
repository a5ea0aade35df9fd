import { EksDrError } from '../../steps/kit/errors.ts';
import { isJsonObject, type Json, type JsonObject, objectOf } from '../../steps/kit/json.ts';
import { rewriteText } from '../../steps/rendering/rewrite.ts';
import type { Recovered } from './recovered.ts';

/** Above `targets`, for whoever looks at the file next. */
const REVIEW = '# To be reviewed since the promotion: these targets and their translations were written for the former primary.';

/** The text of the estate with the recovered cluster as its primary. Everything else, comments too, stays as it is. */
export function promotedText(text: string, recovered: Recovered): string {
  const promoted = rewriteText(text, (estate) => promotedEstate(objectOf(estate), recovered));
  if (promoted === null) throw new EksDrError('input-invalid', { message: 'The estate is not one YAML document.', target: '--estate' });
  return promoted.includes(REVIEW) ? promoted : promoted.replace(/^targets:/m, `${REVIEW}\n$&`);
}

function promotedEstate(estate: JsonObject, { region, accountId, cluster, argocd, templates, vaultMount }: Recovered): JsonObject {
  const { primary, gitlab, vault, inventory, ...rest } = estate;
  return {
    ...rest,
    primary: { ...objectOf(primary), region, accountId, cluster, argocdDestination: { ...argocd } },
    gitlab: { ...objectOf(gitlab), templates },
    ...(vault === undefined ? {} : { vault: vaultMount === null ? vault : { ...objectOf(vault), primaryMount: vaultMount } }),
    ...(inventory === undefined ? {} : { inventory: withOwnArchive(inventory, cluster) }),
  };
}

/** An archive of the former primary is refused: the new one gets a place of its own, and the old one stays as it is. */
function withOwnArchive(inventory: Json, cluster: string): Json {
  if (!isJsonObject(inventory) || typeof inventory.lastGood !== 'string') return inventory;
  return { ...inventory, lastGood: archiveOf(inventory.lastGood, cluster) };
}

/** `inventory/last-good.json` -> `inventory/last-good.<cluster>.json`. */
function archiveOf(lastGood: string, cluster: string): string {
  if (lastGood.includes(cluster)) return lastGood;
  const [, start = lastGood, end = ''] = /^(.*?)(\.[^./]+)?$/s.exec(lastGood) ?? [];
  return `${start}.${cluster}${end}`;
}
