import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import writeFileAtomic from 'write-file-atomic';
import * as z from 'zod';
import { EksDrError } from '../../steps/kit/errors.ts';
import { compareText } from '../../steps/kit/text.ts';

/** Names every file that we made, so that we delete those and no other. */
export const MANIFEST = '.eks-dr-generated.json';

export interface OutputFile {
  readonly path: string;
  readonly content: string | Buffer;
}

export interface Difference {
  readonly path: string;
  readonly what: 'missing' | 'different' | 'superfluous';
}

const manifest = z.object({ tool: z.string(), files: z.array(z.string().refine(staysInside, 'must stay inside the folder')) });

/** What stands in `out` other than it should. Files that we did not make are none of ours. */
export async function compareOutput(out: string, files: readonly OutputFile[]): Promise<readonly Difference[]> {
  const wanted = new Set(files.map(({ path }) => path));
  const old = (await readManifest(out)).filter((path) => !wanted.has(path));
  const superfluous = await Promise.all(
    old.map(
      async (path): Promise<Difference[]> => ((await readIfThere(join(out, path))) === undefined ? [] : [{ path, what: 'superfluous' }]),
    ),
  );
  const others = await Promise.all(
    files.map(async ({ path, content }): Promise<Difference[]> => {
      const present = await readIfThere(join(out, path));
      if (present === undefined) return [{ path, what: 'missing' }];
      return sameContent(present, Buffer.from(content)) ? [] : [{ path, what: 'different' }];
    }),
  );
  return [...others, ...superfluous].flat().toSorted((a, b) => compareText(a.path, b.path));
}

/** Writes what differs and deletes what we made once and make no more. */
export async function writeOutput(out: string, files: readonly OutputFile[], differences: readonly Difference[]): Promise<void> {
  const changed = new Set(differences.filter(({ what }) => what !== 'superfluous').map(({ path }) => path));
  for (const { path, content } of files) {
    if (!changed.has(path)) continue;
    await mkdir(dirname(join(out, path)), { recursive: true });
    await writeFileAtomic(join(out, path), content);
  }
  for (const { path, what } of differences) if (what === 'superfluous') await rm(join(out, path));
}

/** The manifest for these files. */
export function manifestFile(files: readonly OutputFile[], tool: string): OutputFile {
  const paths = files.map(({ path }) => path).toSorted();
  return { path: MANIFEST, content: `${JSON.stringify({ tool, files: paths }, null, 2)}\n` };
}

/** Throws `conflict` where a file stands that we want to write and did not make. */
export async function refuseForeignFiles(out: string, differences: readonly Difference[]): Promise<void> {
  const ours = new Set([MANIFEST, ...(await readManifest(out))]);
  const foreign = differences.filter(({ path, what }) => what === 'different' && !ours.has(path)).map(({ path }) => path);
  if (foreign.length === 0) return;
  throw new EksDrError('conflict', {
    message: `${out} holds files that were not generated and would be overwritten: ${foreign.join(', ')}.`,
    target: out,
    remedy: 'Generate into an empty folder, or move those files away.',
  });
}

// Compressed bytes depend on the zlib at hand, so that what they hold is compared.
function sameContent(present: Buffer, wanted: Buffer): boolean {
  if (present.equals(wanted)) return true;
  if (wanted[0] !== 0x1f || wanted[1] !== 0x8b) return false;
  try {
    return gunzipSync(present).equals(gunzipSync(wanted));
  } catch {
    return false;
  }
}

async function readManifest(out: string): Promise<readonly string[]> {
  const text = await readIfThere(join(out, MANIFEST));
  if (text === undefined) return [];
  try {
    return manifest.parse(JSON.parse(text.toString('utf8'))).files;
  } catch (cause) {
    throw new EksDrError('input-invalid', {
      message: `${join(out, MANIFEST)} is damaged, so that nobody knows which files were generated.`,
      target: join(out, MANIFEST),
      remedy: 'Restore it from version control, or generate into an empty folder.',
      cause,
    });
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
}

function staysInside(path: string): boolean {
  return !path.startsWith('/') && !path.split(/[\\/]/).includes('..');
}
