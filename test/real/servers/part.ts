/** What is present or missing as a whole. */
export const PART_NAMES = ['ministack', 'ministackAuth', 'moto', 'kubernetes', 'argocd', 'openbao'] as const;

export type PartName = (typeof PART_NAMES)[number];
