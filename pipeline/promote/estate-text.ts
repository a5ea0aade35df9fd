import { isMap, isScalar, parseDocument } from 'yaml';
import type { Recovered } from './recovered.ts';

type Path = readonly string[];

/** Above `targets`, for whoever looks at the file next. */
const REVIEW = ' To be reviewed since the promotion: these targets and their translations were written for the former primary.';

/** The text of the estate with the recovered cluster as its primary. Everything else, comments too, stays as it is. */
export function promotedText(text: string, recovered: Recovered): string {
  const document = parseDocument(text, { merge: true });
  const put = (path: Path, value: string): void => document.setIn(path, value);
  put(['primary', 'region'], recovered.region);
  put(['primary', 'accountId'], recovered.accountId);
  put(['primary', 'cluster'], recovered.cluster);
  put(['primary', 'argocdDestination', 'name'], recovered.argocd.name);
  put(['primary', 'argocdDestination', 'server'], recovered.argocd.server);
  put(['gitlab', 'templates'], recovered.templates);
  if (recovered.vaultMount !== null) put(['vault', 'primaryMount'], recovered.vaultMount);
  const lastGood = document.getIn(['inventory', 'lastGood']);
  // An archive of the former primary is refused: the new one gets a place of its own, and the old one stays as it is.
  if (typeof lastGood === 'string') put(['inventory', 'lastGood'], archiveOf(lastGood, recovered.cluster));
  markTargets(document.contents);
  return document.toString({ lineWidth: 0, flowCollectionPadding: /\{ /.test(text) });
}

/** `inventory/last-good.json` -> `inventory/last-good.<cluster>.json`. */
function archiveOf(lastGood: string, cluster: string): string {
  if (lastGood.includes(cluster)) return lastGood;
  const [, start = lastGood, end = ''] = /^(.*?)(\.[^./]+)?$/s.exec(lastGood) ?? [];
  return `${start}.${cluster}${end}`;
}

function markTargets(contents: unknown): void {
  if (!isMap(contents)) return;
  const key = contents.items.map((pair) => pair.key).find((one) => isScalar(one) && one.value === 'targets');
  if (!isScalar(key) || key.commentBefore?.includes(REVIEW) === true) return;
  key.commentBefore = key.commentBefore == null ? REVIEW : `${key.commentBefore}\n${REVIEW}`;
}
