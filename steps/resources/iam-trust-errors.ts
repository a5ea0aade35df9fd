import { EksDrError } from '../kit/errors.ts';

/** The trust policy of a role would be longer than IAM takes. */
export function trustTooLong(role: string, cause: EksDrError): EksDrError {
  return new EksDrError('remote-refused', {
    message: `The trust policy of the role ${role} would be longer than IAM takes (2,048 characters unless raised): ${cause.message}`,
    target: `role ${role}`,
    remedy: `Have the IAM quota "Role trust policy length" raised (up to 4,096, Service Quotas in us-east-1), take statements for clusters that are gone out of the trust policy of ${role}, or use EKS Pod Identity for its service accounts (workloadIdentity.method: pod-identity); then run the step again.`,
    cause: cause.cause,
  });
}

/** The trust policy names somebody whom IAM does not know, though there was time enough to learn of them; or it is not well formed. */
export function unknownPrincipal(role: string, cause: EksDrError): EksDrError {
  return new EksDrError('remote-refused', {
    message: `IAM refuses the trust policy of the role ${role}: ${cause.message}`,
    target: `role ${role}`,
    remedy: 'Create the role, user or provider that it names, or correct the ARN where it stands in the estate; then run the step again.',
    cause: cause.cause,
  });
}
