import { expect } from 'chai';
import pc from 'picocolors';
import { changedFields } from '../../../pipeline/approval/fields.ts';
import { planLines } from '../../../pipeline/approval/show.ts';
import type { Plan, PlanItem } from '../../../steps/kit/plan.ts';
import { planOf } from './plans.ts';

const show = (plan: Plan, details = false) =>
  planLines(plan, 'Switch Route 53', { name: (kind, id) => `${kind} ${id.name}`, colours: pc.createColors(false), details }).join('\n');

const record = (
  name: string,
  before: PlanItem extends infer I ? (I extends { before: infer B } ? B : never) : never,
  after: typeof before,
): PlanItem => ({
  kind: 'record',
  id: { name },
  before,
  after,
});

describe('a plan on the terminal', () => {
  it('shows what is created, changed and deleted, with both values of each changed field', () => {
    const text = show(
      planOf([
        record('new', null, { ttl: 60 }),
        record(
          'www',
          { ttl: 60, alias: { name: 'old.example.com', zone: 'Z1' } },
          { ttl: 60, alias: { name: 'new.example.com', zone: 'Z1' } },
        ),
        record('gone', { ttl: 60 }, null),
      ]),
    );
    expect(text).to.contain('Switch Route 53 (switch-route53, plan 1)');
    expect(text).to.contain('  + record new\n  ~ record www\n      alias.name: old.example.com -> new.example.com\n  - record gone\n');
    expect(text).to.contain('1 to create, 1 to change, 1 to delete');
    expect(text).to.match(/sha256:[0-9a-f]{64}/);
  });

  it('shows waits with how long they may take', () => {
    const wait = { wait: 'x', title: 'the cluster is ACTIVE', args: null, expectedSeconds: 1020, limitSeconds: 2400 };
    expect(show(planOf([wait]))).to.contain('  . wait: the cluster is ACTIVE (about 17 min, at most 40 min)');
  });

  it('cuts a long plan and shows all of it with the details', () => {
    const plan = planOf(Array.from({ length: 150 }, (_, index) => record(`r${index}`, null, { ttl: 60 })));
    expect(show(plan)).to.contain('... and 120 more');
    expect(show(plan)).not.to.contain('record r149');
    expect(show(plan, true)).to.contain('record r149\n      ttl: 60');
  });

  it('never shows more of a secret than where it comes from', () => {
    const secret = (mac: string) => ({ data: { licenseKey: { ref: 'env:NEW_RELIC_LICENSE_KEY', mac } } });
    const text = show(planOf([record('licence', secret('aaaaaaaaaaaa'), secret('bbbbbbbbbbbb'))]));
    expect(text).to.contain(
      'data.licenseKey: secret from env:NEW_RELIC_LICENSE_KEY (aaaaaaaa) -> secret from env:NEW_RELIC_LICENSE_KEY (bbbbbbbb)',
    );
  });

  it('says in an undo what others changed since, and what is left alone', () => {
    const change = { ...record('www', { ttl: 30 }, null), changedSince: { ttl: 60 } };
    const text = show(planOf([change], { direction: 'undo', leftAlone: [{ kind: 'record', id: { name: 'api' }, ours: null, now: null }] }));
    expect(text).to.contain('changed since we made it:\n      ttl: 60 -> 30');
    expect(text).to.contain('! record api: changed since by others, left as it is');
  });

  it('shows what asks by itself however long the plan is, and says where others added it', () => {
    const many = Array.from({ length: 40 }, (_, index) => record(`r${index}`, { ttl: 60 }, null));
    const added = { ...record('by-hand', { ttl: 30 }, null), changedSince: null };
    const text = show(planOf([...many, added], { direction: 'undo' }));
    expect(text).to.contain('- record by-hand\n      added since, and not by us:\n      ttl: (none) -> 30\n  ... and 10 more');
  });

  it('tells a field that appears from one that is null', () => {
    expect(changedFields({ a: null }, {})).to.deep.equal([{ path: 'a', before: 'null', after: null }]);
    expect(changedFields({ list: [{ a: 1 }] }, { list: [{ a: 2 }] })).to.deep.equal([{ path: 'list[0].a', before: '1', after: '2' }]);
  });
});
