import { type Limit, limits } from '../../../steps/clients/limits.ts';

/** What a system documents, by the names under which our table has it. */
export function documented(system: string): Readonly<Record<string, Limit>> {
  return Object.fromEntries(
    Object.entries(limits).flatMap(([bucket, limit]) =>
      limit?.documented !== undefined && (bucket === system || bucket.startsWith(`${system}:`)) ? [[bucket, limit.documented]] : [],
    ),
  );
}
