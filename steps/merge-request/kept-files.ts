import { gitBlobId } from '../clients/git-blob.ts';
import { compareText } from '../kit/text.ts';
import type { BranchNow } from './branch-now.ts';

/** A file that people have touched and that therefore stays as it is, though the run would write it otherwise. */
export interface KeptFile {
  /** From the root of the project. */
  readonly path: string;
  readonly how: 'changed' | 'added' | 'deleted' | 'outside of the folder';
}

/** Which files a run leaves to people. `files` are what it would write, by their paths from the root. */
export function keptFiles(
  { blobs, touched }: Pick<BranchNow, 'blobs' | 'touched'>,
  files: ReadonlyMap<string, string>,
  folder: string,
): KeptFile[] {
  return [...touched].toSorted(compareText).flatMap((path): KeptFile[] => {
    if (!path.startsWith(`${folder}/`)) return [{ path, how: 'outside of the folder' }];
    const [blob, text] = [blobs.get(path), files.get(path)];
    if (blob === undefined) return text === undefined ? [] : [{ path, how: 'deleted' }];
    if (text === undefined) return [{ path, how: 'added' }];
    return gitBlobId(text, blob) === blob ? [] : [{ path, how: 'changed' }];
  });
}

/** Whether a folder holds exactly these files, those aside that aren't the run's to write. */
export function holds(blobs: ReadonlyMap<string, string>, files: ReadonlyMap<string, string>, isOurs: (path: string) => boolean): boolean {
  return [...blobs.keys(), ...files.keys()].filter(isOurs).every((path) => {
    const [blob, text] = [blobs.get(path), files.get(path)];
    return blob !== undefined && text !== undefined && gitBlobId(text, blob) === blob;
  });
}
