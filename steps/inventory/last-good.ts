import { resolve } from 'node:path';
import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import type { ObjectRef, S3 } from '../clients/s3.ts';
import type { Estate } from '../estate/estate.ts';
import { s3Location } from '../estate/s3-location.ts';
import { parseJson, readJsonFile } from '../kit/atomic-file.ts';
import { EksDrError } from '../kit/errors.ts';
import { describeIssues } from '../kit/parse.ts';
import { archivedValues } from './archived-values.ts';
import type { Inventory } from './inventory.ts';
import { type Dated, type DatedParts, eachPart, type PartName, type Parts, type PeoplePartName, partNames, partOf } from './parts.ts';

/** The version of the archived inventory's shape. */
const LAST_GOOD_SCHEMA = 1;

const RESTORE = 'Restore an older version of the file, or leave inventory.lastGood out of the estate to go without it.';

/** The archived inventory: a file that is kept in Git, as an artifact or in S3, for the night on which the primary does not answer. */
export const lastGoodDocument = z.strictObject({
  kind: z.literal('eks-dr-inventory'),
  schema: z.literal(LAST_GOOD_SCHEMA),
  primary: z.strictObject({ region: z.string(), cluster: z.string() }),
  // Of its parts, an archive of an older version lacks the newer ones.
  parts: z.strictObject(eachPart((name) => z.strictObject({ takenAt: z.iso.datetime(), value: partOf(name).schema }).optional())),
});

/** As it is written: whole, but for what is unknown. */
export type LastGood = Omit<z.infer<typeof lastGoodDocument>, 'parts'> & {
  readonly parts: { readonly [Name in Exclude<PartName, PeoplePartName>]: Dated<Parts[Name]> } & {
    readonly [Name in PeoplePartName]?: Dated<Parts[Name]>;
  };
};

/** Turns the outputs of take-inventory into the document to archive. Each part keeps the age it has. */
export function lastGoodOf(inventory: Inventory): LastGood {
  const { parts, primary } = inventory;
  const values = archivedValues(inventory);
  return {
    kind: 'eks-dr-inventory',
    schema: LAST_GOOD_SCHEMA,
    primary,
    parts: Object.fromEntries(
      partNames
        .filter((name) => parts[name].source !== 'unknown')
        .map((name) => [name, { takenAt: parts[name].takenAt, value: values[name] }]),
    ) as unknown as LastGood['parts'],
  };
}

/**
 * Reads the archived inventory, a file or an object of S3; null when the estate names none, or it is not there. Throws `input-invalid` for a
 * damaged or foreign one, and what S3 ended in.
 */
export async function readLastGood(
  estate: Pick<Estate, 'inventory' | 'primary'>,
  clients: Pick<Clients, 'estateFolder' | 's3'>,
): Promise<DatedParts | null> {
  const { lastGood, lastGoodRegion } = estate.inventory;
  if (lastGood === undefined) return null;
  const object = s3Location(lastGood);
  const place = object === null ? resolve(clients.estateFolder, lastGood) : lastGood;
  try {
    const content = object === null ? await readJsonFile(place) : await readJsonObject(await clients.s3(lastGoodRegion), object, place);
    return content === undefined ? null : parseLastGood(content, place, estate.primary);
  } catch (thrown) {
    if (!(thrown instanceof EksDrError) || thrown.code === 'input-invalid') throw thrown;
    const { code, message } = thrown;
    throw new EksDrError(code, {
      message: `The archived inventory can't be used: ${message}`,
      target: place,
      remedy: object === null || code === 'input-not-json' ? RESTORE : objectRemedy(thrown),
      cause: thrown,
    });
  }
}

/** S3 answers what is not there like what is forbidden, unless the bucket may be listed. */
function objectRemedy({ code, remedy }: EksDrError): string {
  const without = 'Or leave inventory.lastGood out of the estate to go without it.';
  return code === 'permission-denied'
    ? `Allow s3:GetObject on the object, and s3:ListBucket on the bucket (without it S3 does not say whether there is such an object), to the identity that runs the step. ${without}`
    : `${remedy} ${without}`;
}

async function readJsonObject(s3: S3, object: ObjectRef, place: string): Promise<unknown> {
  const text = await s3.read(object);
  return text === null ? undefined : parseJson(text, place);
}

export function parseLastGood(content: unknown, path: string, primary: Pick<Estate['primary'], 'region' | 'cluster'>): DatedParts {
  const refuse = (why: string, remedy: string): EksDrError =>
    new EksDrError('input-invalid', { message: `The archived inventory ${path} can't be used: ${why}.`, target: path, remedy });

  const schema = z.looseObject({ schema: z.unknown() }).safeParse(content).data?.schema;
  if (typeof schema === 'number' && schema !== LAST_GOOD_SCHEMA) {
    throw refuse(
      `its schema is ${schema}, this version reads ${LAST_GOOD_SCHEMA}`,
      'Take it again with this version: eks-dr inventory --out FILE.',
    );
  }
  const parsed = lastGoodDocument.safeParse(content);
  if (!parsed.success) throw refuse(`it is damaged (${describeIssues(parsed.error).slice(0, 5).join('; ')})`, RESTORE);
  const { region, cluster } = parsed.data.primary;
  if (region !== primary.region || cluster !== primary.cluster) {
    throw refuse(
      `it is of ${cluster} in ${region}, not of ${primary.cluster} in ${primary.region}`,
      'Name the archived inventory of this primary in the estate.',
    );
  }
  return parsed.data.parts as DatedParts;
}
