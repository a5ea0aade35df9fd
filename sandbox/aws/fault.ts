/** An error answer of an AWS service. Thrown by handlers; the core renders it in the protocol of the service. */
export interface AwsFault {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Members of the error's own shape, beside code and message: `{ clusterName: 'shop-prod' }`. */
  readonly members: Readonly<Record<string, unknown>>;
}

const mark = Symbol('aws-fault');

/** An Error to throw from a handler: `throw awsFault(404, 'ResourceNotFoundException', 'No cluster found for name: x.')`. */
export function awsFault(status: number, code: string, message: string, members: Readonly<Record<string, unknown>> = {}): Error {
  return Object.assign(new Error(message), { [mark]: { status, code, message, members } satisfies AwsFault });
}

/** The fault carried by a thrown value, or null when it is any other error. */
export function faultOf(error: unknown): AwsFault | null {
  if (typeof error !== 'object' || error === null || !(mark in error)) return null;
  return error[mark] as AwsFault;
}
