import type { ClusterName } from '../server.ts';

/** The EKS clusters whose access entries count for the API servers. Tests create them, and the entries, in `ministackAuth`. */
export const EKS_CLUSTERS = {
  primary: { cluster: 'shop-primary', region: 'eu-central-1' },
  recovery: { cluster: 'shop-recovery', region: 'eu-west-1' },
} as const satisfies Record<ClusterName, { cluster: string; region: string }>;
