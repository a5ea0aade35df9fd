import { s3Location } from '../estate/s3-location.ts';
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
      const region = await (await clients.s3(lastGoodRegion)).regionOf(object.bucket);
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
