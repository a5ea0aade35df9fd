/** A file, with its path relative to the folder it belongs to. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}
