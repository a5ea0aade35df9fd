import { EksDrError } from '../kit/errors.ts';
import type { ApiRef } from './switched-apis.ts';

const SHOWN = 5;

/** A stage that must not be published now: told when it is planned, and again right before it is. */
export function unpublishable(
  at: { readonly api: string; readonly stage: string },
  busy: string | null,
  edits: readonly string[],
): EksDrError {
  const more = edits.length > SHOWN ? ` and ${edits.length - SHOWN} more` : '';
  const undeployed = `it has edits that nobody deployed: ${edits.slice(0, SHOWN).join(', ')}${more}`;
  const reasons = [...(busy === null ? [] : [busy]), ...(edits.length === 0 ? [] : [undeployed])];
  return new EksDrError('conflict', {
    message: `Stage ${at.stage} of the API ${at.api} can't be published: ${reasons.join('; ')}. Publishing takes every edit of an API, and these are not ours.`,
    target: `API ${at.api}`,
    remedy: 'Have those who made the edits deploy them or take them back (or end the canary release), then plan again.',
  });
}

/** A stage that nobody can compare with its API. */
export function unseen({ id, region }: ApiRef, stage: string): EksDrError {
  return new EksDrError('conflict', {
    message: `Stage ${stage} of the WebSocket API ${id} can't be published: API Gateway does not tell what a deployment of such an API holds, so whether others have edits that nobody deployed is not known. Publishing takes every edit of an API. Nothing was changed.`,
    target: `API ${id} in ${region}`,
    remedy:
      'If nobody edits this API without deploying, say publishUnseen: true beside its id in the estate and plan again; else have the stage deploy by itself, or lead its integrations by a stage variable, which needs no deployment. By hand: change its integrations, look at what else was edited, and deploy.',
  });
}

export function unmapped(name: string, { id, region }: ApiRef, reasons: readonly string[]): EksDrError {
  return new EksDrError('endpoint-unmapped', {
    message: `${reasons.length} places of the API ${name} (${id}) lead to the primary and can't be switched: ${reasons.join('; ')}. Nothing was changed.`,
    target: `API ${id} in ${region}`,
  });
}

export function noSuchApi({ id, region }: ApiRef): EksDrError {
  return new EksDrError('estate-invalid', {
    message: `There is no API ${id} in ${region}: neither a REST API nor an HTTP or WebSocket API.`,
    target: `API ${id} in ${region}`,
    remedy: 'Correct its id or region in the estate (apiGateway.apis, drill.apis), or take it out.',
  });
}

/** APIs of a region that does not answer, with nothing by which users could leave it. */
export function lostWithoutDomain(region: string, refs: readonly ApiRef[], { message }: Pick<EksDrError, 'message'>): EksDrError {
  return new EksDrError('endpoint-unmapped', {
    message: `API Gateway in ${region} does not answer, so ${refs.map(({ id }) => id).join(', ')} can't be switched, and the estate names no custom domain name that would take their users to another region. ${message}`,
    target: `API Gateway in ${region}`,
    remedy:
      'Name their custom domain names in the estate (apiGateway.domains), if APIs stand behind the same names in the new region; or take the APIs that are lost out of it (apiGateway.apis). Then run the step again with that estate.',
  });
}
