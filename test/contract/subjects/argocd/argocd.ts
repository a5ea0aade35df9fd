import type { ask } from '../../../real/servers/ask.ts';

/** An answer; `body` is parsed where it is JSON, else text. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: assertions look into answers of many shapes.
  readonly body: any;
}

export interface CallOptions {
  readonly body?: unknown;
  /** Null: none. */
  readonly token?: string | null;
  /** Null: none. JSON unless given. */
  readonly contentType?: string | null;
}

/** A Git repository that Argo CD may read, with the one branch `main`. */
export interface Repository {
  readonly url: string;
  /** Writes files on top of `main` (null removes one) and gives the commit's id. */
  commit(files: Readonly<Record<string, string | null>>): Promise<string>;
}

export interface LiveRef {
  readonly apiVersion: string;
  readonly kind: string;
  /** '' for what lies in none. */
  readonly namespace: string;
  readonly name: string;
}

/** Argo CD with a cluster to deploy to. What is made through `call` is removed when the subject is closed. */
export interface ArgoCd {
  readonly url: string;
  /** PEM; where the server speaks TLS. */
  readonly ca?: string;
  readonly token: string;
  call(method: Method, path: string, options?: CallOptions): Promise<Answer>;
  newRepository(files: Readonly<Record<string, string>>): Promise<Repository>;
  /** A registered cluster. */
  readonly destination: { readonly name: string; readonly server: string };
  /** Another address of that cluster, under which it isn't registered, and credentials that it takes. */
  newAddress(): Promise<{ readonly server: string; readonly config: Readonly<Record<string, unknown>> }>;
  /** What is on the cluster, or null. */
  live(ref: LiveRef): Promise<unknown>;
  newNamespace(name: string): Promise<void>;
}

type Question = NonNullable<Parameters<typeof ask>[1]>;
export type Method = NonNullable<Question['method']>;
