import type { Estate } from '../estate/estate.ts';

/** The path of the new cluster's auth method, without auth/. */
export function mountOf({ mount }: Pick<NonNullable<Estate['vault']>, 'mount'>, cluster: string): string {
  return mount.replaceAll('${cluster}', cluster);
}
