import type { Ingredient } from './build/ingredient.ts';
import type { Secrets } from './secrets.ts';

export type ClusterName = 'primary' | 'recovery';

/** What the command lines of the servers are made of. */
export interface Setting {
  /** Where an ingredient lies. Only what the server names in `made` may be asked for. */
  ingredient(name: Ingredient): string;
  /** The port of this name, on 127.0.0.1. */
  port(name: string): number;
  /** An absolute path in the folder of what runs now; it goes with `down`. */
  file(...names: string[]): string;
  readonly secrets: Secrets;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** All of its environment but PATH, HOME and TMPDIR. */
  readonly env?: Readonly<Record<string, string>>;
}

/** One process. */
export interface Server {
  readonly name: string;
  readonly made: readonly Ingredient[];
  /** Servers that must be ready before it is started; it is started anew when one of them moves to another port. */
  readonly after: readonly string[];
  readonly ports: readonly string[];
  /** Files that it reads; done each time before it is started. */
  prepare?(setting: Setting): Promise<void>;
  command(setting: Setting): Command;
  /** Looks once; throws with what is not there yet. */
  ready(setting: Setting): Promise<void>;
  /** What has to be in it; done by every `up` and by a second one to no effect. */
  settle?(setting: Setting): Promise<void>;
  /** How long SIGTERM may take, in ms. Default 10 s. */
  readonly patience?: number;
}
