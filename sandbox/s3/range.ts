import { awsFault } from '../aws/fault.ts';

/** Bytes `first` to `last`, both of them included. */
interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The part of an object of `length` bytes that a Range header asks for; null: the whole. S3 gives one range alone, and takes no
 * notice of a header with several.
 */
export function rangeOf(header: string | undefined, length: number): ByteRange | null {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return null;
  const first = from === '' ? Math.max(0, length - Number(to)) : Number(from);
  const last = from === '' || to === '' ? length - 1 : Math.min(Number(to), length - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return null;
  if (first < length && last >= first) return { first, last };
  throw awsFault(416, 'InvalidRange', 'The requested range is not satisfiable', {
    RangeRequested: header,
    ActualObjectSize: String(length),
  });
}
