import { apiGateway } from './apigateway/contract.ts';
import { argocd } from './argocd/contract.ts';
import { cloudfront } from './cloudfront/contract.ts';
import type { Contract } from './contract.ts';
import { driverLaw } from './drivers/contract.ts';
import { ec2 } from './ec2/contract.ts';
import { eks } from './eks/contract.ts';
import { eksAccess } from './eks-access/contract.ts';
import { eksLogin } from './eks-login/contract.ts';
import { elb } from './elb/contract.ts';
import { gitlab } from './gitlab/contract.ts';
import { iam } from './iam/contract.ts';
import { kubernetes } from './kubernetes/contract.ts';
import { route53 } from './route53/contract.ts';
import { s3 } from './s3/contract.ts';
import { sts } from './sts/contract.ts';
import { terraform } from './terraform/contract.ts';
import { vault } from './vault/contract.ts';

/** Every contract, in the order of the page about them. */
export const contracts: readonly Contract[] = [
  sts,
  route53,
  cloudfront,
  ec2,
  eks,
  eksAccess,
  elb,
  apiGateway,
  kubernetes,
  iam,
  s3,
  argocd,
  gitlab,
  vault,
  eksLogin,
  driverLaw,
  terraform,
];
