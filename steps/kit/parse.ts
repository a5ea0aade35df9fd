import type * as z from 'zod';
import { EksDrError, type ErrorCode } from './errors.ts';

/** `path: message` for every mistake that zod found. */
export function describeIssues(error: z.ZodError): string[] {
  return error.issues.map((issue) => {
    const missing = /received undefined$/.test(issue.message);
    const message = missing ? 'is missing' : issue.message.replace(/^Invalid (input|option): /, '');
    return issue.path.length === 0 ? message : `${issue.path.join('.')} ${missing ? message : `(${message})`}`;
  });
}

/** As many mistakes as one message names: a document of another kind has only mistakes. */
const MOST = 5;

/** Parses at the edge: all mistakes of a document in one error that names it. */
export function parseAs<T>(schema: z.ZodType<T>, value: unknown, name: string, code: ErrorCode = 'input-invalid'): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const mistakes = describeIssues(result.error);
  const more = mistakes.length > MOST ? `; and ${mistakes.length - MOST} more` : '';
  throw new EksDrError(code, { message: `${name} is not valid: ${mistakes.slice(0, MOST).join('; ')}${more}.`, target: name });
}
