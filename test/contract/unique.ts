import { randomBytes } from 'node:crypto';

/** A name that nothing has yet: assertions share servers with each other and with earlier runs. Lower-case letters and digits. */
export function unique(prefix: string): string {
  return `${prefix}-${randomBytes(5).toString('hex')}`;
}
