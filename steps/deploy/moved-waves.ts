import type { ArgoApplication } from '../clients/argocd.ts';
import { EksDrError } from '../kit/errors.ts';
import { isRoot, type Root } from './root-application.ts';

/**
 * Refuses waves other than those by which this run has begun to deploy: the root that had a service would delete it, with all that it runs,
 * when its file moves to the folder of another one.
 */
export function refuseMovedWaves(
  applications: readonly ArgoApplication[],
  roots: readonly Root<{ readonly application: string }>[],
  folder: string,
): void {
  const rootOf = new Map(roots.flatMap(({ name, services }) => services.map(({ application }) => [application, name] as const)));
  const wanted = new Set(roots.map(({ name }) => name));
  const moved = applications
    .filter((application) => isRoot(application, folder))
    .flatMap(({ metadata: { name: root }, status }) => {
      const children = (status?.resources ?? []).filter(({ kind }) => kind === 'Application').map(({ name }) => name);
      const elsewhere = children.filter((name) => (rootOf.get(name) ?? root) !== root);
      return wanted.has(root) && elsewhere.length === 0 ? [] : [{ root, elsewhere }];
    });
  if (moved.length === 0) return;
  throw new EksDrError('conflict', {
    message: `The waves of the estate are not those by which this run has begun to deploy: ${moved
      .map(({ root, elsewhere }) => `${root} is there${elsewhere.length === 0 ? '' : ` and has ${elsewhere.join(', ')}`}`)
      .join('; ')}.`,
    target: moved.map(({ root }) => root).join(', '),
    remedy:
      'Put services.waves or services.after back as they were, run open-merge-request again, then this step; or undo this step first.',
  });
}
