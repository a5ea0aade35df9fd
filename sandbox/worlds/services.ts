import type { Project } from './names.ts';

export type Tier = 'critical' | 'standard' | 'batch';

/** How a service's Argo CD application is written down. */
export type Style =
  /** A file of its own: Helm parameters, destination by name. */
  | 'parameters'
  /** A file of its own: values as text, the release's name pinned, destination by server. */
  | 'values-text'
  /** A file of its own, much quoted and commented: valuesObject, finalizer. */
  | 'values-object'
  /** A file of its own: a folder of plain manifests, a sync wave. */
  | 'directory'
  /** With its neighbours in one file of several documents: anchors, merge keys, a value file. */
  | 'shared-file';

/** How a service meets the outside. */
export type Exposure = 'none' | 'network' | 'network-internal' | 'application';

export interface Service {
  readonly name: string;
  readonly namespace: string;
  readonly team: string;
  readonly project: Project;
  readonly tier: Tier;
  readonly style: Style;
  readonly exposure: Exposure;
  readonly replicas: number;
}

const teams: Readonly<Record<Project, readonly string[]>> = {
  catalog: [
    'cart',
    'search',
    'product',
    'price',
    'inventory',
    'review',
    'media',
    'category',
    'brand',
    'bundle',
    'recommendation',
    'wishlist',
    'voucher',
  ],
  payments: [
    'checkout',
    'payment',
    'invoice',
    'refund',
    'ledger',
    'tax',
    'wallet',
    'fraud',
    'subscription',
    'payout',
    'currency',
    'dunning',
    'credit',
  ],
  logistics: [
    'order',
    'shipment',
    'warehouse',
    'carrier',
    'tracking',
    'returns',
    'route',
    'packing',
    'customs',
    'label',
    'stock',
    'supplier',
  ],
  platform: [
    'identity',
    'session',
    'profile',
    'notification',
    'mail',
    'audit',
    'feature',
    'consent',
    'gateway',
    'document',
    'scheduler',
    'translation',
  ],
};

/** Namespaces without services of the shop. */
export const platformNamespaces: readonly string[] = [
  'cert-manager',
  'external-secrets',
  'logging',
  'monitoring',
  'newrelic',
  'policy',
  'reporting',
  'tracing',
  'vault-auth',
  'velero',
];

const styles: readonly Style[] = ['parameters', 'values-text', 'values-object', 'directory', 'shared-file'];

const exposures: Readonly<Record<string, Exposure>> = {
  'cart-api': 'network',
  'checkout-api': 'application',
  'search-api': 'application',
  'product-api': 'network',
  'payment-api': 'network',
  'order-api': 'application',
  'identity-api': 'application',
  'gateway-api': 'network',
  'media-api': 'application',
  'tracking-api': 'network',
  'notification-worker': 'network-internal',
  'audit-export': 'network-internal',
};

const CRITICAL_TEAMS = 25;
const BATCH_TEAMS = 35;

/** All 150: each of 50 teams has an API, a worker and an export. 25 are critical, 90 standard, 35 batch. */
export function allServices(): Service[] {
  const order = interleaved();
  return order.flatMap(({ team, project }, index) => {
    const style = styles[index % styles.length] ?? 'parameters';
    const service = (kind: string, tier: Tier, replicas: number): Service => {
      const name = `${team}-${kind}`;
      return { name, namespace: team, team, project, tier, style, exposure: exposures[name] ?? 'none', replicas };
    };
    return [
      service('api', index < CRITICAL_TEAMS ? 'critical' : 'standard', index < CRITICAL_TEAMS ? 3 : 2),
      service('worker', 'standard', 2),
      service('export', index >= order.length - BATCH_TEAMS ? 'batch' : 'standard', 1),
    ];
  });
}

/** Six over the same shapes: every style, all tiers, two load balancers. */
export function fewServices(): Service[] {
  const styleOf: Readonly<Record<string, Style>> = {
    'cart-api': 'parameters',
    'checkout-api': 'values-object',
    'invoice-worker': 'values-text',
    'order-worker': 'shared-file',
    'order-export': 'shared-file',
    'profile-export': 'directory',
  };
  const tierOf: Readonly<Record<string, Tier>> = { 'profile-export': 'batch', 'order-export': 'batch' };
  return allServices().flatMap((service) => {
    const style = styleOf[service.name];
    return style === undefined ? [] : [{ ...service, style, tier: tierOf[service.name] ?? service.tier }];
  });
}

/** One team of each project after the other, so that styles and tiers spread over all of them. */
function interleaved(): { readonly team: string; readonly project: Project }[] {
  const longest = Math.max(...Object.values(teams).map((names) => names.length));
  return Array.from({ length: longest }).flatMap((_, row) =>
    Object.entries(teams).flatMap(([project, names]) => {
      const team = names[row];
      return team === undefined ? [] : [{ team, project: project as Project }];
    }),
  );
}
