import { createHash } from 'node:crypto';
import type { ApiGatewayState } from './state.ts';

/** An id that was not given out before: lower-case letters and digits. APIs have ten of them, other things six. */
export function newId(state: ApiGatewayState, length: 6 | 7 | 10): string {
  state.counter += 1;
  const digest = createHash('sha256').update(`apigateway/${state.counter}`).digest('hex').slice(0, 26);
  return BigInt(`0x${digest}`).toString(36).padStart(20, '0').slice(-length);
}
