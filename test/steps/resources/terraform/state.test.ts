import { expect } from 'chai';
import { planDocument } from '../../../../steps/clients/terraform-types.ts';
import { stackOwner } from '../../../../steps/resources/terraform/owner.ts';
import { stackPlanOf } from '../../../../steps/resources/terraform/state.ts';

type Change = Record<string, unknown>;

const plan = (resources: readonly Change[], more: Change = {}) =>
  planDocument.parse({ format_version: '1.2', resource_changes: resources.map((entry) => ({ mode: 'managed', ...entry })), ...more });
const noop = (address: string, values: unknown) => ({ address, change: { actions: ['no-op'], before: values, after: values } });

describe('the canonical form of a stack', () => {
  it('is null for an empty state', () => {
    expect(stackPlanOf(plan([]), {})).to.deep.include({ before: null, after: null });
  });

  it('is the same on both sides when there is nothing to do', () => {
    const outputs = {
      output_changes: { nothing: { actions: ['no-op'], before: null, after: null }, name: { actions: ['no-op'], before: 'x', after: 'x' } },
    };
    const { before, after, pending } = stackPlanOf(plan([noop('b', { n: null, id: '2' }), noop('a', { id: '1' })], outputs), {});
    expect(before).to.deep.equal(after);
    expect(before?.resources.map(({ address, values }) => [address, values])).to.deep.equal([
      ['a', { id: '1' }],
      ['b', { id: '2' }],
    ]);
    expect(pending).to.deep.equal({ resources: [], outputs: [] });
  });

  it('leaves data sources out', () => {
    const { after } = stackPlanOf(plan([{ address: 'data.x', mode: 'data', change: { actions: ['read'], before: null, after: {} } }]), {});
    expect(after).to.equal(null);
  });

  it('puts tokens where values are unknown or sensitive, at any depth', () => {
    const change = {
      actions: ['create'],
      before: null,
      after: { list: [{ key: 'k' }], password: 'p', plain: 1 },
      after_unknown: { id: true, list: [{ id: true }] },
      after_sensitive: { password: true, list: [{}] },
    };
    const { after } = stackPlanOf(plan([{ address: 'a', change }]), {});
    expect(after?.resources[0]?.values).to.deep.equal({
      id: '(known after apply)',
      list: [{ id: '(known after apply)', key: 'k' }],
      password: '(sensitive)',
      plain: 1,
    });
  });

  it('hides the value of a sensitive variable wherever it turns up', () => {
    const more = {
      variables: { token: { value: 'correct-horse' } },
      configuration: { root_module: { variables: { token: { sensitive: true } } } },
    };
    const change = { actions: ['create'], before: null, after: { script: 'export T=correct-horse' } };
    expect(JSON.stringify(stackPlanOf(plan([{ address: 'a', change }], more), {}))).not.to.contain('correct-horse');
  });

  it('tells a deposed object from its successor', () => {
    const change = { actions: ['delete'], before: { id: '1' }, after: null };
    const { pending } = stackPlanOf(plan([noop('a', { id: '2' }), { address: 'a', deposed: '1f', change }]), {});
    expect(pending.resources).to.have.length(1);
    expect(pending.resources[0]).to.include({ address: 'a (deposed 1f)', base: 'a', action: 'delete' });
  });
});

describe('whose a stack is', () => {
  const stack = { directory: 'terraform', stateKey: 'eks-dr/drill-1.tfstate', region: 'eu-central-1' };
  const deleting = (tags: Change) => plan([{ address: 'aws_vpc.this', change: { actions: ['delete'], before: tags, after: null } }]);

  it('is its run, by the key of the state', () => {
    expect(stackOwner(stack, 'drill-1', plan([]))).to.deep.equal({ kind: 'run', run: 'drill-1' });
    expect(stackOwner(stack, null, plan([]))).to.deep.include({ kind: 'other' });
  });

  it('is not its run where an object that would go carries the tag of another', () => {
    expect(stackOwner(stack, 'drill-1', deleting({ tags: { 'eks-dr:run': 'drill-1' } })).kind).to.equal('run');
    expect(stackOwner(stack, 'drill-1', deleting({ tags_all: { 'eks-dr:run': 'recover-7' } }))).to.deep.equal({
      kind: 'other',
      detail: 'aws_vpc.this carries the tag of run recover-7',
    });
  });

  it('is not its run where something would be taken over from outside', () => {
    const importing = plan([
      { address: 'aws_vpc.this', change: { actions: ['no-op'], before: {}, after: {}, importing: { id: 'vpc-1' } } },
    ]);
    expect(stackOwner(stack, 'drill-1', importing).kind).to.equal('other');
  });
});
