import type { Observed } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import type { ObjectVersion } from './kubernetes-reading.ts';

/** The resourceVersion under which a thing of others was read, for a write that only changes what is there. */
export function versionOf(
  at: { readonly kind: string; readonly namespace: string; readonly name: string },
  { version }: Pick<Observed<unknown>, 'version'>,
  after: unknown,
): string {
  const target = `${at.kind} ${at.namespace}/${at.name}`;
  if (after === null) throw new EksDrError('conflict', { message: `${target} is others': it is neither made nor deleted here.`, target });
  if (version === undefined) throw new EksDrError('conflict', { message: `There is no ${target} any more.`, target });
  return (version as ObjectVersion).resourceVersion;
}
