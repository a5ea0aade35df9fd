import { apigateway } from './apigateway/system.ts';
import { argocd } from './argocd/system.ts';
import { cloudfront } from './cloudfront/system.ts';
import { ec2 } from './ec2/system.ts';
import { eks } from './eks/system.ts';
import { elb } from './elb/system.ts';
import { gitlab } from './gitlab/system.ts';
import { iam } from './iam/system.ts';
import { kubernetes } from './kubernetes/system.ts';
import { route53 } from './route53/system.ts';
import { s3 } from './s3/system.ts';
import { sts } from './sts/system.ts';
import type { System } from './system.ts';
import { vault } from './vault/system.ts';

/** Every remote system of the sandbox. */
export const allSystems: readonly System[] = [
  sts,
  iam,
  ec2,
  s3,
  route53,
  cloudfront,
  eks,
  elb,
  apigateway,
  kubernetes,
  argocd,
  gitlab,
  vault,
];
