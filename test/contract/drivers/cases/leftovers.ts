import { leftoverDrivers } from '../../../../steps/leftovers/find-leftovers.ts';
import type { LawCase } from './case.ts';

/**
 * Drivers that only delete what somebody else made: no referee makes such things. All of one world are made at once, and one may hold
 * another, such as an interface its security group: each case makes them anew.
 */
export const leftoverCases: readonly LawCase[] = leftoverDrivers.map((driver): LawCase => {
  return {
    driver,
    referees: [],
    inTurn: true,
    async arrange({ leftovers, run }) {
      const at = { region: 'eu-central-1', cluster: `law-${run}` };
      const ids = await leftovers(at);
      return [{ id: { ...at, run, id: ids[driver.kind] ?? '' }, states: [{ desired: null }], oneWay: 'bug' }];
    },
  };
});
