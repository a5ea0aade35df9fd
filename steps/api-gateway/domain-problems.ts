import { EksDrError } from '../kit/errors.ts';
import type { DomainRef } from './switched-domains.ts';

/** A custom domain name that can't be led to the new region. */
export function noSuccessorDomain(name: string, region: string, reason: string): EksDrError {
  return new EksDrError('endpoint-unmapped', {
    message: `The custom domain name ${name} can't be led to ${region}: ${reason}. Nothing was changed.`,
    target: `custom domain name ${name} in ${region}`,
    remedy: `Make the custom domain name ${name} in ${region}, regional, with its certificate and an API mapping to a stage that is deployed; or take it out of the estate (apiGateway.domains, drill.domains). Then plan again.`,
  });
}

/** Records of a custom domain name that lead to several regional domain names of its region. */
export function unclearDomain({ name, region }: DomainRef, targets: readonly string[]): EksDrError {
  return new EksDrError('endpoint-unmapped', {
    message: `Records of ${name} lead to ${targets.length} regional domain names of ${region} (${targets.join(', ')}), and which one is the custom domain name's can't be told. Nothing was changed.`,
    target: `custom domain name ${name} in ${region}`,
    remedy:
      'Lead all records of the name to the one custom domain name, or switch them by hand and take it out of the estate; then plan again.',
  });
}
