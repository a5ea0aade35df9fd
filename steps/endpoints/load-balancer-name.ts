/** Whether a normalised host name is of a load balancer in a region: `elb.<region>.amazonaws.com` (network) or `<region>.elb.amazonaws.com` (application). */
export function leadsToRegion(target: string, region: string): boolean {
  return new RegExp(`\\.(elb\\.${region}|${region}\\.elb)\\.amazonaws\\.com(\\.cn)?$`).test(target);
}
