import type { Settings } from './settings.ts';
import type { Attributes } from './values.ts';

export interface ProviderContext {
  readonly settings: Settings;
  readonly region: string;
  /** Tags for everything, as the provider's `default_tags`. */
  readonly defaultTags: Readonly<Record<string, string>>;
  /** Aborted by an interrupt: the provider gives up whatever it waits for. */
  readonly signal: AbortSignal;
}

/** One type of resource, as the AWS provider manages it. */
export interface ResourceKind {
  /** Attributes that are known only once the object is there. */
  readonly computed: readonly string[];
  /** Attributes that can be changed in place; any other change makes the object anew. */
  readonly updatable: readonly string[];
  /** What a failed call says before the error: `creating EC2 VPC`. */
  readonly noun: string;
  /**
   * Creates the object and waits until it is ready. `born` is told the attributes as soon as the object exists: when the rest
   * fails or is interrupted, it is kept in the state as tainted.
   */
  create(wanted: Attributes, context: ProviderContext, born: (attributes: Attributes) => void): Promise<Attributes>;
  /** The object as it is now; null when it is gone. */
  read(held: Attributes, context: ProviderContext): Promise<Attributes | null>;
  update(held: Attributes, wanted: Attributes, context: ProviderContext): Promise<Attributes>;
  /** Deletes the object and waits until it is gone; an object that is gone already is no error. */
  remove(held: Attributes, context: ProviderContext): Promise<void>;
}
