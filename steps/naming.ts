import type { Estate } from './estate/estate.ts';
import type { Run } from './kit/run.ts';

/** The tag (AWS) that everything a run makes carries; its value is the run's id. */
export const RUN_TAG = 'eks-dr:run';

/** The tag (AWS) that marks a container as a place for drills; its value is `drill`. */
export const SCOPE_TAG = 'eks-dr:scope';

/** The label (Kubernetes, Argo CD) for the same purpose as RUN_TAG. */
export const RUN_LABEL = 'eks-dr/run';

/** The label of an Argo CD application that is a part of the platform, not a service; its value is the add-on's name. */
export const ADDON_LABEL = 'eks-dr/addon';

/** Selects the applications of a run that are no add-ons: the root and what it makes. */
export function deployedSelector(run: string): string {
  return `${RUN_LABEL}=${run},!${ADDON_LABEL}`;
}

/** The server-side apply field manager, and the name in commits and user agents. */
export const FIELD_MANAGER = 'eks-dr';

/** The new cluster's name in EKS, Argo CD and Git: it carries the run's id, so a drill's is the drill's own. */
export function recoveryClusterName(estate: Pick<Estate, 'name'>, run: Pick<Run, 'id'>): string {
  return `${estate.name}-${run.id}`;
}

/** The clusters that a recovery or a drill of the estate can make, as a pattern of IAM's (`*`: anything). */
export function recoveryClusterPatterns(estate: Pick<Estate, 'name'>): string[] {
  return ['recover', 'drill'].map((mode) => recoveryClusterName(estate, { id: `${mode}-*` }));
}

/** Whether a run, by its id, was a preparation: what it made is there for every run that follows. */
export function isPreparation(run: string): boolean {
  return run.startsWith('prepare-');
}

/** The folder in Git that this recovery owns. */
export function recoveryFolder(gitlab: Estate['gitlab'], cluster: string): string {
  return gitlab.folder.replaceAll('${cluster}', cluster).replace(/\/+$/, '');
}

/** The branch that carries this recovery's merge request. */
export function recoveryBranch(run: Pick<Run, 'id'>): string {
  return `eks-dr/${run.id}`;
}

/** The AppProject for a recovered application: drills have their own, a recovery uses the one there is. */
export function recoveryProject(project: string, run: Pick<Run, 'id' | 'mode'>): string {
  return run.mode === 'drill' ? `${project}-${run.id}` : project;
}
