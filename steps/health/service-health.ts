import type { ArgoApplication } from '../clients/argocd.ts';
import { brief } from '../kit/text.ts';

/**
 * How one service stands. `progressing`: on its way. `failed`: no longer on its way; `forGood` where time can't mend it, such as a sync that
 * failed and that nothing tries again. What is Degraded may still heal: its dependencies come up, an image arrives.
 */
export type ServiceHealth =
  | { readonly status: 'healthy' }
  | { readonly status: 'progressing'; readonly reason: string }
  | { readonly status: 'failed'; readonly reason: string; readonly forGood: boolean };

/**
 * Healthy: no operation asked for or under way, the last one succeeded, Synced, Healthy, and compared again after that operation.
 * Without the last rule an application counts as healthy by what was seen before its sync.
 */
export function serviceHealth(application: ArgoApplication | undefined): ServiceHealth {
  if (application === undefined) return progressing('Argo CD has not created the application yet');
  const { operation, status, metadata } = application;
  if (metadata.deletionTimestamp !== null && metadata.deletionTimestamp !== undefined)
    return failed('the application is being deleted', false);
  // SyncError only repeats that the operation failed; its state says why.
  const broken = status?.conditions?.find(({ type }) => type.endsWith('Error') && type !== 'SyncError');
  const last = status?.operationState;
  if (operation !== null && operation !== undefined) return progressing(withMessage('a sync is under way', last?.message));
  if (last?.phase === 'Running' || last?.phase === 'Terminating') return progressing(withMessage('a sync is under way', last.message));
  if (broken !== undefined) return failed(`${broken.type}: ${brief(broken.message)}`, isForGood(broken));
  if (last?.phase === 'Failed' || last?.phase === 'Error') return failed(withMessage('the sync failed', last.message), true);
  if (status?.sync?.status !== 'Synced') return unsynced(application);
  return byHealth(application);
}

/** A spec that is invalid stays so, and so do manifests that can't be made; Argo CD's own parts and the cluster may only be busy. */
function isForGood({ type, message }: { readonly type: string; readonly message: string }): boolean {
  if (type === 'InvalidSpecError') return true;
  return (
    type === 'ComparisonError' && !/Unavailable|deadline exceeded|refused|time(d )?-?out|EOF|reset by peer|too many|retry/i.test(message)
  );
}

function unsynced({ spec, status }: ArgoApplication): ServiceHealth {
  const automated = spec.syncPolicy?.automated;
  const byItself = typeof automated === 'object' && automated !== null && !('enabled' in automated && automated.enabled === false);
  const state = status?.sync?.status === undefined || status.sync.status === '' ? 'not compared yet' : status.sync.status;
  return byItself || state !== 'OutOfSync' ? progressing(state) : failed('OutOfSync, and the application has no automated sync', true);
}

function byHealth({ status }: ArgoApplication): ServiceHealth {
  const health = status?.health?.status ?? '';
  if (health === 'Degraded' || health === 'Suspended')
    return failed(withMessage(health, status?.health?.message ?? firstUnhealthy(status?.resources)), false);
  if (health !== 'Healthy') return progressing(withMessage(health === '' ? 'health not known yet' : health, status?.health?.message));
  const finished = status?.operationState?.finishedAt;
  const reconciled = status?.reconciledAt;
  const stale = typeof finished === 'string' && (typeof reconciled !== 'string' || Date.parse(reconciled) < Date.parse(finished));
  return stale ? progressing('not compared since its last sync') : { status: 'healthy' };
}

type Resources = NonNullable<ArgoApplication['status']>['resources'];

// Before Argo CD 3.0 the application itself says which resource is unhealthy.
function firstUnhealthy(resources: Resources): string | undefined {
  const found = resources?.find(({ health }) => health?.status === 'Degraded');
  return found === undefined ? undefined : `${found.kind} ${found.name}: ${found.health?.message ?? 'Degraded'}`;
}

function progressing(reason: string): ServiceHealth {
  return { status: 'progressing', reason };
}

function failed(reason: string, forGood: boolean): ServiceHealth {
  return { status: 'failed', reason, forGood };
}

function withMessage(state: string, message: string | null | undefined): string {
  return message === undefined || message === null || message === '' ? state : `${state}: ${brief(message, 200)}`;
}

/** Whether nothing will sync this application unless it is asked to: its last sync failed, or it has no automated sync. */
export function needsSync(application: ArgoApplication): boolean {
  const { operation, status } = application;
  const phase = status?.operationState?.phase;
  if ((operation !== undefined && operation !== null) || phase === 'Running' || phase === 'Terminating') return false;
  return phase === 'Failed' || phase === 'Error' || (status?.sync?.status === 'OutOfSync' && unsynced(application).status === 'failed');
}
