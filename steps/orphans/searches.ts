import { apiGatewaySearch } from './api-gateway.ts';
import { argocdSearch } from './argocd.ts';
import { cloudfrontSearch } from './cloudfront.ts';
import { ec2ElsewhereSearch, ec2Search } from './ec2.ts';
import { eksSearch } from './eks.ts';
import { elbSearch } from './elb.ts';
import { gitlabSearch } from './gitlab.ts';
import { iamSearch } from './iam.ts';
import { route53Search } from './route53.ts';
import type { Search } from './search.ts';
import { terraformSearch } from './terraform.ts';
import { vaultSearch } from './vault.ts';

/** Every system in which a run makes something, in the order in which people clean up. */
export const searches: readonly Search[] = [
  route53Search,
  cloudfrontSearch,
  apiGatewaySearch,
  argocdSearch,
  gitlabSearch,
  vaultSearch,
  eksSearch,
  elbSearch,
  ec2Search,
  ec2ElsewhereSearch,
  iamSearch,
  terraformSearch,
];
