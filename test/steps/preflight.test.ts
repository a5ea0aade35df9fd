import { expect } from 'chai';
import { EksDrError } from '../../steps/kit/errors.ts';
import type { Finding } from '../../steps/kit/step.ts';
import { inventoryFindings, refuseBlockers, runChecks } from '../../steps/preflight.ts';
import type { Check, Step } from '../../steps/step.ts';
import { failure } from '../failure.ts';
import { INVENTORY } from './inventory/example-inventory.ts';

const blocker: Finding = { severity: 'blocker', message: 'It is not there.', evidence: 'looked', remedy: 'Put it there.' };
const warning: Finding = { ...blocker, severity: 'warning' };

const check = (id: string, run: () => Promise<readonly Finding[]>): Check => ({ id, title: id, run });
const step = (id: string, checks: readonly Check[], programs: readonly string[] = []): Step =>
  ({ id, checks, programs }) as unknown as Step;
const look = (entry: Check): Promise<readonly Finding[]> => entry.run({} as never);

describe('preflight', () => {
  it('runs the checks of every step and keeps every finding, in the order of the steps', async () => {
    const slow = check('slow', () => new Promise((resolve) => setTimeout(() => resolve([blocker]), 20)));
    const found = await runChecks([step('a', [slow]), step('b', [check('quick', async () => [warning, blocker])])], look);
    expect(found.map(({ step: id, check: name, severity }) => `${id} ${name} ${severity}`)).to.deep.equal([
      'a slow blocker',
      'b quick warning',
      'b quick blocker',
    ]);
  });

  it('runs a check that several steps share once', async () => {
    let runs = 0;
    const shared = check('shared', async () => {
      runs += 1;
      return [warning];
    });
    expect(await runChecks([step('a', [shared]), step('b', [shared])], look)).to.have.length(1);
    expect(runs).to.equal(1);
  });

  it('takes a check that can not look for a blocker, with the remedy of what it threw', async () => {
    const error = new EksDrError('permission-denied', { message: 'Not allowed.', remedy: 'Allow it.' });
    const [found] = await runChecks([step('a', [check('c', () => Promise.reject(error))])], look);
    expect(found).to.include({ severity: 'blocker', remedy: 'Allow it.' });
    expect(found?.message).to.contain('Not allowed.');
  });

  it('does not take an interruption for a finding', async () => {
    const interrupted = check('c', () => Promise.reject(new EksDrError('interrupted', { message: 'stop' })));
    await failure('interrupted', runChecks([step('a', [interrupted])], look));
  });

  it('looks for the programs that steps need, once', async () => {
    const looked: string[] = [];
    const remember = async (entry: Check): Promise<readonly Finding[]> => {
      looked.push(entry.id);
      return [];
    };
    await runChecks([step('a', [], ['terraform']), step('b', [], ['terraform'])], remember);
    expect(looked).to.deep.equal(['terraform-present']);
  });

  it('never runs more than eight checks at once', async () => {
    let running = 0;
    let most = 0;
    const busy = Array.from({ length: 30 }, (_, index) =>
      check(`c${index}`, async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return [];
      }),
    );
    await runChecks([step('a', busy)], look);
    expect(most).to.equal(8);
  });

  it('ends with all blockers, each with its own remedy', async () => {
    const findings = [
      { step: 'a', check: 'x', ...blocker },
      { step: 'b', check: 'y', ...blocker, message: 'Nor is that.' },
      { step: 'b', check: 'z', ...warning },
    ];
    const error = await failure('preflight-blocked', () => refuseBlockers(findings));
    expect(error.message).to.contain('2 blockers');
    expect(error.also.map(({ message }) => message).join(' '))
      .to.contain('It is not there (')
      .and.to.contain('Nor is that (');
    expect(error.also.map(({ target, remedy }) => [target, remedy])).to.deep.equal([
      ['x', 'Put it there.'],
      ['y', 'Put it there.'],
    ]);
  });

  it('names a cause that several checks found once, with all that they looked at', async () => {
    const missing = { ...blocker, step: 'a', message: 'The program is missing.' };
    const findings = [
      { ...missing, check: 'x', evidence: 'version' },
      { ...missing, check: 'y', evidence: 'init' },
    ];
    const error = await failure('preflight-blocked', () => refuseBlockers(findings));
    expect(error.message).to.equal('Preflight found 1 blocker.');
    expect(error.also.map(({ message }) => message)).to.deep.equal(['a: The program is missing (version; init).']);
  });

  it('lets warnings and notes pass', () => {
    refuseBlockers([{ step: 'a', check: 'x', ...warning }]);
  });

  it('warns of each part of the inventory that is not live', () => {
    const archived = inventoryFindings({ ...INVENTORY, withoutTemplate: [] }, []);
    expect(archived.map(({ severity, message }) => `${severity} ${message}`)).to.deep.equal([
      'warning namespaces come from the archived inventory, 360 minutes old.',
    ]);
  });

  it('warns of parts that are not known, and of parts that shrank, where a recovery goes on all the same', () => {
    const { records } = INVENTORY.parts;
    const parts = {
      ...INVENTORY.parts,
      records: { ...records, source: 'unknown' as const, reason: 'No answer within 15 s.' },
      clusterOnly: { ...records, reason: 'the primary cluster shows 1 object, but the archive has 9.' },
    };
    const found = inventoryFindings({ ...INVENTORY, withoutTemplate: [], parts }, []).filter(({ check }) => check !== 'inventory-age');
    expect(found.map(({ check, severity, message }) => `${severity} ${check}: ${message}`)).to.deep.equal([
      'warning inventory-shrank: the primary cluster shows 1 object, but the archive has 9.',
      'warning inventory-unknown: The records that lead to load balancers are not known.',
    ]);
  });

  it('is blocked by a service that no template defines, unless it is waived', () => {
    const of = (waived: readonly string[]) =>
      inventoryFindings(INVENTORY, waived).find(({ check: id }) => id === 'every-service-has-a-template');
    expect(of([])).to.include({ severity: 'blocker' });
    expect(of(['adhoc'])).to.include({ severity: 'note' });
  });
});
