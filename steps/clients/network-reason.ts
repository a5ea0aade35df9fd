/** Why a network said no, with its code once: `connect ECONNREFUSED 127.0.0.1:443`, `certificate has expired (CERT_HAS_EXPIRED)`. */
export function networkReason(cause: Error): string {
  const message = cause.message || cause.name;
  const code = 'code' in cause ? String(cause.code) : '';
  return code === '' || message.includes(code) ? message : `${message} (${code})`;
}
