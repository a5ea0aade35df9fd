/** IAM's quotas ("IAM and AWS STS quotas"), by default where they can be raised. Sizes in characters, whitespace not counted. */
export const quotas = {
  roles: 1000,
  policies: 1500,
  oidcProviders: 100,
  clientIdsPerProvider: 100,
  policiesPerRole: 10,
  trustPolicySize: 2048,
  managedPolicySize: 6144,
  inlinePolicySize: 10_240,
  versionsPerPolicy: 5,
  tags: 50,
} as const;

/** How long (ms of sandbox time) a new or changed role takes to show in other services. */
export const propagationTime = 8000;
