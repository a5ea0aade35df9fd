import type { S3 } from '../clients/s3.ts';
import { s3Location } from '../estate/s3-location.ts';
import { EksDrError } from '../kit/errors.ts';
import type { Check } from '../step.ts';
import { findings } from './from-error.ts';

/** An archived inventory in S3 lies in a bucket that is there when the primary's region is not. */
export const lastGoodOutsideLostRegion: Check = {
  id: 'last-good-region',
  title: 'The archived inventory does not lie in the lost region',
  async run({ estate, run, clients }) {
    const { lastGood = '', lastGoodRegion } = estate.inventory;
    const object = s3Location(lastGood);
    const { region: lost } = estate.primary;
    if (object === null) return [];
    return findings(`s3:HeadBucket ${object.bucket}`, async () => {
      const region = await regionOf(await clients.s3(lastGoodRegion), object.bucket, lastGoodRegion);
      if (region === null) {
        return [
          {
            severity: 'blocker',
            message: `There is no bucket ${object.bucket} for the archived inventory.`,
            evidence: `inventory.lastGood: ${lastGood}`,
            remedy: 'Make the bucket in another region than the primary, with versioning, or correct inventory.lastGood in the estate.',
          },
        ];
      }
      if (region !== lost || estate.targets[run.target]?.region === lost) return [];
      return [
        {
          severity: 'blocker',
          message: `The archived inventory lies in ${region}, the region that is to be recovered from.`,
          evidence: `s3:HeadBucket ${object.bucket}`,
          remedy: 'Keep the archived inventory in a bucket of another region, and name that one in inventory.lastGood of the estate.',
        },
      ];
    });
  },
};

/** Who may not ask for the region goes by what the estate says of it. */
async function regionOf(s3: S3, bucket: string, said: string | undefined): Promise<string | null> {
  try {
    return await s3.regionOf(bucket);
  } catch (thrown) {
    if (said !== undefined && thrown instanceof EksDrError && thrown.code === 'permission-denied') return said;
    throw thrown;
  }
}
