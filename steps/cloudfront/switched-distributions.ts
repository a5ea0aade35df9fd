import type { CloudFront } from '../clients/aws.ts';
import type { Estate } from '../estate/estate.ts';
import type { Run } from '../kit/run.ts';
import { listDistributions } from './distributions.ts';

/** The ids of the distributions whose origins a run switches: production in a recovery, the drill copies in a drill. */
export async function switchedDistributions(
  cloudfront: () => Promise<CloudFront>,
  { cloudfront: { distributions }, drill }: Pick<Estate, 'cloudfront' | 'drill'>,
  mode: Run['mode'],
): Promise<readonly string[]> {
  if (mode === 'drill') return drill.distributions;
  if (distributions !== 'all') return distributions;
  const all = await listDistributions(await cloudfront());
  const ids = all.flatMap(({ Id }) => (Id === undefined || drill.distributions.includes(Id) ? [] : [Id]));
  return ids.sort();
}
