import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { EksDrError } from '../../steps/kit/errors.ts';
import { compareText } from '../../steps/kit/text.ts';

/** One file of the bundle; `path` is relative, with slashes. */
export interface BundleFile {
  readonly path: string;
  readonly content: Uint8Array | string;
}

export interface Bundle {
  readonly tar: Buffer;
  /** sha256 of the tar, in hex. Not of the compressed form, whose bytes depend on the zlib at hand. */
  readonly digest: string;
}

/** Packs files into a tar whose bytes depend on nothing but paths and contents. Throws `input-invalid` on a path that can't be packed. */
export function packBundle(files: readonly BundleFile[]): Bundle {
  const sorted = files.toSorted((a, b) => compareText(a.path, b.path));
  const blocks = sorted.flatMap(({ path, content }, index) => {
    if (sorted[index - 1]?.path === path) throw unpackable(path, 'it stands there twice');
    const bytes = Buffer.from(content);
    return [header(path, bytes.length), bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  const tar = Buffer.concat([...blocks, Buffer.alloc(1024)]);
  return { tar, digest: createHash('sha256').update(tar).digest('hex') };
}

/** The compressed form that travels in the library. */
export function compressBundle({ tar }: Bundle): Buffer {
  return gzipSync(tar, { level: 9 });
}

/** All files under a folder, as files of a bundle under `prefix`. Symbolic links are followed. */
export async function readBundleFolder(folder: string, prefix: string, wanted: (path: string) => boolean): Promise<readonly BundleFile[]> {
  const names = (await readdir(folder, { recursive: true })).map((name) => name.replaceAll('\\', '/')).filter(wanted);
  const files = await Promise.all(
    names.map(async (name) =>
      (await stat(join(folder, name))).isFile() ? [{ path: `${prefix}${name}`, content: await readFile(join(folder, name)) }] : [],
    ),
  );
  return files.flat();
}

// POSIX ustar; owner, time and mode are always the same.
function header(path: string, size: number): Buffer {
  const block = Buffer.alloc(512);
  const { name, prefix } = splitPath(path);
  block.write(name, 0, 'utf8');
  block.write('0000644\0', 100, 'ascii');
  block.write('0000000\0', 108, 'ascii');
  block.write('0000000\0', 116, 'ascii');
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'ascii');
  block.write('00000000000\0', 136, 'ascii');
  block.write('        0', 148, 'ascii');
  block.write('ustar\x0000', 257, 'latin1');
  block.write(prefix, 345, 'utf8');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'ascii');
  return block;
}

function splitPath(path: string): { readonly name: string; readonly prefix: string } {
  if (path === '' || path.startsWith('/') || path.split('/').includes('..')) throw unpackable(path, 'it must be relative and stay inside');
  if (Buffer.byteLength(path) <= 100) return { name: path, prefix: '' };
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    const prefix = path.slice(0, at);
    const name = path.slice(at + 1);
    if (Buffer.byteLength(prefix) <= 155 && Buffer.byteLength(name) <= 100) return { name, prefix };
  }
  throw unpackable(path, 'it is too long for a tar');
}

function unpackable(path: string, why: string): EksDrError {
  return new EksDrError('input-invalid', { message: `The file ${path} can't go into the bundle: ${why}.`, target: path });
}
