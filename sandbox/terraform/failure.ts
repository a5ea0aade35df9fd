/** One thing Terraform says against what it was asked to do. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  readonly address?: string;
  /** Said in one breath, without a title. */
  readonly bare?: true;
}

const mark = Symbol('terraform-failure');

/** An Error that ends the command with exit status 1 and these words. */
export function failure(summary: string, detail = '', address?: string): Error {
  const diagnostic: Diagnostic = { severity: 'error', summary, detail, ...(address === undefined ? {} : { address }) };
  return Object.assign(new Error(summary), { [mark]: [diagnostic] });
}

/** The same for what Terraform says without the title of an error. */
export function bareFailure(words: string): Error {
  return Object.assign(new Error(words), { [mark]: [{ severity: 'error', summary: words, detail: '', bare: true } satisfies Diagnostic] });
}

export function failures(diagnostics: readonly Diagnostic[]): Error {
  return Object.assign(new Error(diagnostics.map(({ summary }) => summary).join('; ')), { [mark]: diagnostics });
}

/** The diagnostics of anything thrown. */
export function diagnosticsOf(error: unknown): readonly Diagnostic[] {
  if (typeof error === 'object' && error !== null && mark in error) return error[mark] as readonly Diagnostic[];
  return [{ severity: 'error', summary: errorText(error), detail: '' }];
}

interface ServiceError {
  readonly name: string;
  readonly message: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/** The words of the AWS SDK for Go about a failed call, as the provider passes them on. */
export function errorText(error: unknown): string {
  const { name, message, $metadata: metadata } = error as ServiceError;
  if (metadata?.httpStatusCode === undefined) return `request send failed, ${message}`;
  return `https response error StatusCode: ${metadata.httpStatusCode}, RequestID: ${metadata.requestId ?? ''}, api error ${name}: ${message}`;
}

export function errorName(error: unknown): string {
  return (error as Error).name;
}
