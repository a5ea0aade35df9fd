import type { Clients } from '../../../../steps/clients/clients.ts';
import type { Driver } from '../../../../steps/kit/driver.ts';
import type { Assertion, Referee } from '../../contract.ts';
import type { LawSubject } from '../law.ts';
import type { LawWorld } from '../world.ts';

/** What the law is tried on, for one driver. */
export interface LawCase {
  readonly driver: Driver<Clients>;
  /** Which part of what it owns, where its cases are several. */
  readonly part?: string;
  /** Who serves what it drives, beside the sandbox. */
  readonly referees: readonly Referee[];
  readonly deviations?: Assertion<LawWorld>['deviations'];
  readonly source?: string;
  /** Lies in the one Terraform stack of its world: cases of it take turns. */
  readonly inTurn?: true;
  /** Makes what the resources lie in, and names them. */
  arrange(world: LawWorld): Promise<readonly LawSubject[]>;
}
