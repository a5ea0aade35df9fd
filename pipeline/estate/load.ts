import { readFile } from 'node:fs/promises';
import { type Estate, estate as estateSchema } from '../../steps/estate/estate.ts';
import { reasonOf } from '../../steps/kit/atomic-file.ts';
import { EksDrError } from '../../steps/kit/errors.ts';
import { crossReferenceMistakes } from './cross-references.ts';
import { estateInvalid, type PlacedMistake } from './mistake.ts';
import { placeholderMistakes } from './placeholders.ts';
import { schemaMistakes } from './schema-mistakes.ts';
import { secretMistakes, secretsInText } from './secret-mistakes.ts';
import { parseSource, type Source } from './source.ts';

export interface LoadedEstate {
  /** Valid, with every default filled in. */
  readonly estate: Estate;
  /** The file as it stands. */
  readonly text: string;
  readonly file: string;
}

/**
 * Reads and checks an estate file (YAML, or JSON, which is YAML too).
 * Throws `input-unreadable`, or `estate-invalid` with every mistake of the file and its line and column.
 * `stepIds`: the steps that `approvals.steps` may name.
 */
export async function loadEstate(file: string, stepIds: readonly string[]): Promise<LoadedEstate> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new EksDrError('input-unreadable', {
      message: `The estate ${file} can't be read: ${(cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : reasonOf(cause)}.`,
      target: file,
      remedy: 'Name the estate file with --estate FILE.',
      cause,
    });
  });
  return { estate: parseEstate(text, file, stepIds), text, file };
}

/** The same for a text in hand; `file` is used in messages only. */
export function parseEstate(text: string, file: string, stepIds: readonly string[]): Estate {
  const source = parseSource(text);
  const mistakes: PlacedMistake[] = [...source.mistakes, ...secretsIn(text, source)];
  if (source.value !== undefined) {
    const found = [
      ...schemaMistakes(source.value),
      ...crossReferenceMistakes(source.value, stepIds),
      ...placeholderMistakes(source.value),
      ...secretMistakes(source.value),
    ];
    const secretLines = new Set(mistakes.map(({ line }) => line));
    mistakes.push(...found.map((mistake) => source.place(mistake)).filter((mistake) => !repeatsSecret(mistake, secretLines)));
  }
  if (mistakes.length > 0) throw estateInvalid(file, mistakes);
  return estateSchema.parse(source.value);
}

function secretsIn(text: string, source: Source): readonly PlacedMistake[] {
  return secretsInText(text).map(({ offset, message }) => ({ ...source.placeAt(offset), path: [], message }));
}

// One line, one secret: the pattern that knows its kind says it better than the rule about names.
function repeatsSecret(mistake: PlacedMistake, lines: ReadonlySet<number>): boolean {
  return mistake.message.startsWith('this looks like a secret') && lines.has(mistake.line);
}
