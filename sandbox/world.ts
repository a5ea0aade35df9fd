import type { ApiGatewayState } from './apigateway/state.ts';
import type { ArgoCdState } from './argocd/state.ts';
import type { CloudFrontState } from './cloudfront/state.ts';
import type { CoreState } from './core.ts';
import type { Ec2State } from './ec2/state.ts';
import type { EksState } from './eks/state.ts';
import type { ElbState } from './elb/state.ts';
import type { GitLabState } from './gitlab/state.ts';
import type { IamState } from './iam/state.ts';
import type { KubernetesState } from './kubernetes/state.ts';
import type { Route53State } from './route53/state.ts';
import type { S3State } from './s3/state.ts';
import type { VaultState } from './vault/state.ts';

/** Everything the sandbox knows, as plain JSON. Each system owns its own part; others reach it through that system's functions. */
export interface World {
  readonly accountId: string;
  /** Sandbox time (ms since 1970) when the world was last saved. */
  clock: number;
  /** What the server itself keeps, so that a saved world comes back under the same addresses; absent in a seed. */
  core?: CoreState;
  iam: IamState;
  s3: S3State;
  ec2: Ec2State;
  eks: EksState;
  elb: ElbState;
  route53: Route53State;
  apigateway: ApiGatewayState;
  cloudfront: CloudFrontState;
  kubernetes: KubernetesState;
  argocd: ArgoCdState;
  gitlab: GitLabState;
  vault: VaultState;
}
