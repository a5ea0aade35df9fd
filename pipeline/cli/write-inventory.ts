import { connectAws } from '../../steps/clients/aws.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import { s3Location } from '../../steps/estate/s3-location.ts';
import { createClock } from '../../steps/kit/clock.ts';
import { EksDrError } from '../../steps/kit/errors.ts';
import { writeOut } from './write-out.ts';

/** Throws `bad-usage` for what is neither the path of a file nor an object of S3: before anything is asked for its sake. */
export function refusePlace(place: string): void {
  if (!place.includes('://') || s3Location(place) !== null) return;
  throw new EksDrError('bad-usage', { message: `${place} is neither the path of a file nor s3://bucket/key.`, target: '--out' });
}

/**
 * Writes an inventory to be archived to a file, or to `s3://bucket/key`. What is there is replaced. Throws `bad-usage` for a file that can't
 * be written, and what S3 ended in.
 */
export async function writeInventory(
  place: string,
  text: string,
  estate: Pick<Estate, 'targets' | 'defaultTarget' | 'inventory' | 'primary'>,
) {
  const object = s3Location(place);
  if (object !== null) {
    const homeRegion = estate.targets[estate.defaultTarget]?.region ?? estate.primary.region;
    const aws = connectAws({ clock: createClock(1, Date.now()), signal: new AbortController().signal, homeRegion });
    const region = place === estate.inventory.lastGood ? estate.inventory.lastGoodRegion : undefined;
    await (await aws.s3(region)).write(object, text, 'application/json');
    return;
  }
  await writeOut(place, text);
}
