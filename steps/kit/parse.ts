import type { z } from 'zod';
import { EksDrError, type ErrorCode } from './errors.ts';

/** `path: message` for every mistake that zod found. */
export function describeIssues(error: z.ZodError): string[] {
  return error.issues.map((issue) => `${issue.path.length === 0 ? '(top)' : issue.path.join('.')}: ${issue.message}`);
}

/** Parses at the edge: all mistakes of a document in one error that names it. */
export function parseAs<T>(schema: z.ZodType<T>, value: unknown, name: string, code: ErrorCode = 'input-invalid'): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const mistakes = describeIssues(result.error);
  throw new EksDrError(code, { message: `${name} is not valid: ${mistakes.join('; ')}.`, target: name });
}
