import { emptyApiGateway } from '../apigateway/state.ts';
import { emptyArgoCd } from '../argocd/state.ts';
import { emptyCloudFront } from '../cloudfront/state.ts';
import { emptyEc2 } from '../ec2/state.ts';
import { emptyEks } from '../eks/state.ts';
import { emptyElb } from '../elb/state.ts';
import { emptyGitLab } from '../gitlab/state.ts';
import { emptyIam } from '../iam/state.ts';
import { emptyKubernetes } from '../kubernetes/state.ts';
import { emptyRoute53 } from '../route53/state.ts';
import { emptyS3 } from '../s3/state.ts';
import { emptyVault } from '../vault/state.ts';
import type { World } from '../world.ts';
import { ACCOUNT_ID, NOW } from './names.ts';

/** A world with nothing in it but the account's first roles, at the time when every seed ends. */
export function emptyWorld(): World {
  return {
    accountId: ACCOUNT_ID,
    clock: NOW,
    iam: emptyIam(ACCOUNT_ID),
    s3: emptyS3(),
    ec2: emptyEc2(),
    eks: emptyEks(),
    elb: emptyElb(),
    route53: emptyRoute53(),
    apigateway: emptyApiGateway(),
    cloudfront: emptyCloudFront(),
    kubernetes: emptyKubernetes(),
    argocd: emptyArgoCd(),
    gitlab: emptyGitLab(),
    vault: emptyVault(),
  };
}
