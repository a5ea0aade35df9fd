import type { Estate } from '../estate/estate.ts';

export type Tiers = Estate['services']['tiers'];

/** One service, as the policy counts it. */
export interface Counted {
  readonly name: string;
  readonly tier: string;
  readonly status: 'healthy' | 'unhealthy' | 'waived';
}

export interface TierResult {
  readonly tier: string;
  readonly total: number;
  /** Healthy or waived. */
  readonly good: number;
  readonly needed: number;
}

/**
 * How each tier stands against its policy. A service without a known tier counts to the last one. A waived service counts as good: a person
 * has accepted that it stays unhealthy. A share is rounded up: 95% of 10 are 10.
 */
export function tierResults(services: readonly Counted[], tiers: Tiers): TierResult[] {
  const names = new Set(tiers.map(({ name }) => name));
  const last = tiers.at(-1)?.name ?? '';
  return tiers.map(({ name, require }) => {
    const members = services.filter((service) => (names.has(service.tier) ? service.tier : last) === name);
    const share = require === 'all' ? 100 : Number.parseInt(require, 10);
    return {
      tier: name,
      total: members.length,
      good: members.filter(({ status }) => status !== 'unhealthy').length,
      needed: Math.ceil((members.length * share) / 100),
    };
  });
}

export function policyMet(results: readonly TierResult[]): boolean {
  return results.every(({ good, needed }) => good >= needed);
}
