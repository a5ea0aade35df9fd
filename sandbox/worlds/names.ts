/** What the shop's world and the example estate agree on. */

export const ACCOUNT_ID = '111122223333';

export const PRIMARY_REGION = 'eu-west-1';
export const RECOVERY_REGION = 'eu-central-1';
export const PRIMARY_CLUSTER = 'shop-prod';

/** The address under which Argo CD reaches the primary: a private DNS name in front of the EKS endpoint. */
export const PRIMARY_SERVER = 'https://shop-prod.eu-west-1.k8s.example.com';

/** The AppProjects whose applications run on the primary. */
export const PROJECTS = ['catalog', 'payments', 'logistics', 'platform'] as const;
export type Project = (typeof PROJECTS)[number];

export const GITLAB_PROJECT = 'platform/argocd-apps';
export const REPO_URL = 'https://gitlab.example.com/platform/argocd-apps.git';
export const TEMPLATES_FOLDER = 'clusters/shop-prod';

/** The application of applications of the primary. */
export const ROOT_APPLICATION = 'shop-prod-root';

export const PRODUCTION_ZONE = { id: 'Z0SHOPPRODUCTION', name: 'shop.example.com' } as const;
export const DRILL_ZONE = { id: 'Z0SHOPDRILL', name: 'drill.shop.example.com' } as const;

/** Distributions of CloudFront by what they serve; of those that lead to the primary, drills have a copy. */
export const DISTRIBUTIONS = { storefront: 'E1SHOPSTOREFRN', checkout: 'E2SHOPCHECKOUT', partners: 'E3SHOPPARTNERS' } as const;
export const DRILL_DISTRIBUTIONS = { storefront: 'E1DRILLSTOREFR', checkout: 'E2DRILLCHECKOU' } as const;

export const STATE_BUCKET = 'shop-terraform-state-eu-central-1';

export const BOT = 'eks-dr-bot';
export const REVIEWER = 'reviewer';

/** Roles by name; the account's first ones (eks-dr-runner, argocd-management) are there in every world. */
export const ROLES = {
  runner: 'eks-dr-runner',
  argocd: 'argocd-management',
  admin: 'platform-admin',
  cluster: 'shop-prod-cluster',
  node: 'shop-prod-node',
} as const;

export function roleArn(name: string): string {
  return `arn:aws:iam::${ACCOUNT_ID}:role/${name}`;
}

/** When the seeds end and the sandbox's clock begins (ms since 1970). */
export const NOW = Date.UTC(2026, 10, 24, 8, 0, 0);

/** When the shop went into production. */
export const BORN = NOW - 90 * 24 * 3600 * 1000;
