/** What servers are made of. */
export type Ingredient = 'programs' | 'python' | 'redis' | 'git';

/** Where an ingredient lies, or in a sentence why this machine can't have it. */
export type Found = { readonly at: string } | { readonly lacking: string };
