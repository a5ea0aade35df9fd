import type { GatewayDeployment } from './stage-api.ts';

/** One of our deployments. */
export interface MarkedDeployment {
  readonly id: string;
  readonly run: string;
  /** The deployment that the stage served before: the way back. */
  readonly replaced: string;
  /** The digest of what the API said then, where the deployment can't be read itself; else ''. */
  readonly content: string;
}

const MARK = /^eks-dr (\S+): stage (\S+), in place of ([^\s,]*)(?:, as (\S+))?$/;

/** What stands in the description of a deployment of ours. */
export function deploymentMark(run: string, stage: string, replaced: string, content = ''): string {
  return `eks-dr ${run}: stage ${stage}, in place of ${replaced}${content === '' ? '' : `, as ${content}`}`;
}

/** Our deployments of a stage, by their descriptions. */
export function markedDeployments(deployments: readonly GatewayDeployment[], stage: string): MarkedDeployment[] {
  return deployments.flatMap(({ id, description }) => {
    const [, run, of, replaced, content = ''] = MARK.exec(description) ?? [];
    return run === undefined || replaced === undefined || of !== stage ? [] : [{ id, run, replaced, content }];
  });
}
