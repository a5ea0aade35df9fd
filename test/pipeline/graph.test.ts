import { expect } from 'chai';
import { buildGraph, type GraphStep, reversed, scoped, wavesOf } from '../../pipeline/graph.ts';
import { steps as ourSteps } from '../../steps/index.ts';
import { EksDrError } from '../../steps/kit/errors.ts';
import { prepareEndpoints } from '../../steps/prepare-endpoints.ts';

function step(
  id: string,
  needs: readonly string[] = [],
  more: { after?: readonly string[]; modes?: GraphStep['modes']; undoScope?: 'endpoints' } = {},
): GraphStep {
  return {
    id,
    needs: Object.fromEntries(needs.map((need) => [need, { id: need }])),
    after: (more.after ?? []).map((other) => ({ id: other })),
    modes: more.modes,
    undoScope: more.undoScope,
  };
}

const steps = [
  step('look'),
  step('fence', ['look'], { modes: ['recover'] }),
  step('create', ['look']),
  step('merge-request', [], { after: ['fence'] }),
  step('connect', ['create']),
  step('merge', ['merge-request', 'connect']),
];

const early = new Set(prepareEndpoints.drivers.map(({ kind }) => kind));
const shape = (graph: ReturnType<typeof buildGraph>) => wavesOf(graph).map((wave) => wave.map(({ id }) => id));

describe('the graph of steps', () => {
  it('puts steps that do not wait for each other into one wave', () => {
    expect(shape(buildGraph(steps, { mode: 'recover' }))).to.deep.equal([
      ['look'],
      ['fence', 'create'],
      ['merge-request', 'connect'],
      ['merge'],
    ]);
  });

  it('contracts the order over steps that have no part in the mode', () => {
    const graph = buildGraph(steps, { mode: 'drill' });
    expect(shape(graph)).to.deep.equal([['look'], ['create', 'merge-request'], ['connect'], ['merge']]);
    expect(graph.find(({ id }) => id === 'merge-request')?.waitsFor).to.deep.equal(['look']);
  });

  it('has only steps in a preparation that say so', () => {
    const both = step('look', [], { modes: ['drill', 'recover', 'prepare'] });
    const all = [both, step('prepare', ['look'], { modes: ['prepare'] }), step('create', ['look'])];
    expect(shape(buildGraph(all, { mode: 'prepare' }))).to.deep.equal([['look'], ['prepare']]);
    expect(shape(buildGraph(all, { mode: 'drill' }))).to.deep.equal([['look'], ['create']]);
  });

  it('keeps only what a step depends on with until', () => {
    expect(shape(buildGraph(steps, { mode: 'recover', until: 'connect' }))).to.deep.equal([['look'], ['create'], ['connect']]);
  });

  it('walks backwards for an undo', () => {
    const graph = reversed(buildGraph(steps, { mode: 'recover' }));
    expect(graph[0]?.id).to.equal('merge');
    expect(graph.find(({ id }) => id === 'look')?.waitsFor).to.have.members(['fence', 'create']);
    expect(graph.at(-1)?.id).to.equal('look');
  });

  it('takes away what was prepared for endpoints only when nothing that is switched uses it any more', () => {
    const users = ourSteps.filter(({ id, drivers }) => id !== 'prepare-endpoints' && drivers.some(({ kind }) => early.has(kind)));
    expect(users.map(({ id }) => id)).to.include.members(['switch-api-gateway', 'switch-cloudfront']);
    const undone = reversed(buildGraph(ourSteps, { mode: 'drill' })).find(({ id }) => id === 'prepare-endpoints');
    expect(undone?.waitsFor).to.include.members(users.map(({ id }) => id));
  });

  it('keeps the steps of one scope in their order, without those between them', () => {
    const chain = [
      step('cluster'),
      step('records', ['cluster'], { undoScope: 'endpoints' }),
      step('look', ['records']),
      step('edge', ['look'], { undoScope: 'endpoints' }),
      step('report', ['edge']),
    ];
    const graph = scoped(reversed(buildGraph(chain, { mode: 'recover' })), 'endpoints');
    expect(graph.map(({ id, waitsFor }) => [id, waitsFor])).to.deep.equal([
      ['edge', []],
      ['records', ['edge']],
    ]);
  });

  it('suggests the step that was meant by an unknown until', () => {
    expect(() => buildGraph(steps, { mode: 'drill', until: 'conect' })).to.throw(EksDrError, 'did you mean "connect"?');
  });

  it('names the circle when steps wait for each other', () => {
    const circle = [step('a', ['c']), step('b', ['a']), step('c', ['b'])];
    expect(() => buildGraph(circle, { mode: 'drill' })).to.throw(EksDrError, 'a -> c -> b -> a');
  });

  it('refuses a step that is listed twice, or waits for one that is not listed', () => {
    expect(() => buildGraph([step('a'), step('a')], { mode: 'drill' })).to.throw(EksDrError, 'listed twice');
    expect(() => buildGraph([step('a', ['b'])], { mode: 'drill' })).to.throw(EksDrError, 'not in the list');
  });

  it('refuses outputs of a step that has no part in the mode', () => {
    const broken = [step('fence', [], { modes: ['recover'] }), step('merge', ['fence'])];
    expect(() => buildGraph(broken, { mode: 'drill' })).to.throw(EksDrError, 'no part in mode drill');
    buildGraph(broken, { mode: 'recover' });
  });
});
