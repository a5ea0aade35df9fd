import { defineContract } from '../contract.ts';
import { distributions } from './distributions.ts';
import { type CloudFrontSubject, ministackCloudFront, sandboxCloudFront } from './subjects.ts';
import { vpcOrigins } from './vpc-origins.ts';

export const cloudfront = defineContract<CloudFrontSubject>({
  system: 'CloudFront',
  sandbox: sandboxCloudFront,
  referees: { ministack: ministackCloudFront },
  assertions: [...distributions, ...vpcOrigins],
});
