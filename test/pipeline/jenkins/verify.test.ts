import { expect } from 'chai';
import { buildModel, type JenkinsModel, type Pipeline } from '../../../pipeline/jenkins/model.ts';
import { jenkinsSettings } from '../../../pipeline/jenkins/settings.ts';
import type { JenkinsStep } from '../../../pipeline/jenkins/steps.ts';
import { verifyModel } from '../../../pipeline/jenkins/verify.ts';
import { exampleEstate, exampleSteps, fakeStep } from './example.ts';

function modelOf(steps: readonly JenkinsStep[] = exampleSteps): JenkinsModel {
  return buildModel({ estate: exampleEstate(), steps, settings: jenkinsSettings.parse({}), tool: 'eks-dr 0.0.0', bundleDigest: 'd' });
}

function withFirst(change: Partial<Pipeline>): JenkinsModel {
  const model = modelOf();
  return { ...model, pipelines: model.pipelines.map((pipeline, index) => (index === 0 ? { ...pipeline, ...change } : pipeline)) };
}

const chain = (count: number, changes: boolean, after?: string): JenkinsStep[] =>
  Array.from({ length: count }, (_, index) =>
    fakeStep(`step-${index}`, index === 0 ? (after === undefined ? [] : [after]) : [`step-${index - 1}`], { changes }),
  );

describe('Verifying the Jenkins model', () => {
  it('accepts the example estate with the real graph', () => {
    expect(() => verifyModel(modelOf())).to.not.throw();
  });

  it('refuses two stages of one name', () => {
    const steps = [fakeStep('one', [], { title: 'Same' }), fakeStep('two', ['one'], { title: 'Same' })];
    expect(() => verifyModel(modelOf(steps)))
      .to.throw('two stages are called "Same"')
      .with.property('code', 'input-invalid');
  });

  it('refuses a stage called like the first one', () => {
    expect(() => verifyModel(modelOf([fakeStep('one', [], { title: 'Start' })]))).to.throw('two stages are called "Start"');
  });

  it('refuses a stage without a name and a pipeline without stages', () => {
    expect(() => verifyModel(modelOf([fakeStep('one', [], { title: ' ' })]))).to.throw('a stage has no name');
    expect(() => verifyModel(withFirst({ stages: [] }))).to.throw('Jenkinsfile: there is no stage');
  });

  it('refuses empty blocks', () => {
    expect(() => verifyModel(withFirst({ stages: [{ kind: 'parallel', name: 'none', branches: [] }] }))).to.throw('"none" has no branches');
    expect(() => verifyModel(withFirst({ stages: [{ kind: 'run', name: 'nothing', step: '', onlyIn: [], skippedFor: [] }] }))).to.throw(
      '"nothing" runs nothing',
    );
  });

  it('refuses an input that has no place in an address or no button', () => {
    expect(() => verifyModel(modelOf([fakeStep('a step/', [])]))).to.throw('"approve-a step/" can\'t stand in an address');
    const gate = {
      kind: 'gate',
      name: 'g',
      step: 'g',
      onlyIn: [],
      skippedFor: [],
      approve: { name: 'a', inputId: 'a', ok: '' },
      apply: { name: 'b' },
    } as const;
    expect(() => verifyModel(withFirst({ stages: [gate] }))).to.throw('the input of g has an empty button');
  });

  it('refuses two inputs whose ids differ in case alone', () => {
    expect(() => verifyModel(modelOf([fakeStep('one', []), fakeStep('One', [])]))).to.throw('two inputs have the id "approve-one"');
  });

  it('refuses parameters that Jenkins would not take', () => {
    const parameters = [
      { kind: 'string', name: 'bad name', value: '', description: '' },
      { kind: 'choice', name: 'EMPTY', choices: [], description: '' },
      { kind: 'choice', name: 'LINES', choices: ['a\nb'], description: '' },
      { kind: 'boolean', name: 'EMPTY', value: false, description: '' },
    ] as const;
    expect(() => verifyModel(withFirst({ parameters }))).to.throw(
      /"bad name" is no name.*two parameters are called EMPTY.*EMPTY has no choices.*choice of LINES is empty or has a line end/,
    );
  });

  it('keeps a third of what a real controller could compile in hand', () => {
    const gates = (count: number) => [fakeStep('look', [], { changes: false }), ...chain(count, true, 'look')];
    expect(() => verifyModel(modelOf(gates(22)))).to.not.throw();
    // An undo has two stages beside its steps.
    expect(() => verifyModel(modelOf(gates(23)))).to.throw('Jenkinsfile.undo: 23 steps (23 with an approval) and 2 looks are more than');
    expect(() => verifyModel(modelOf(gates(24)))).to.throw('25 steps (24 with an approval) are more than Jenkins can compile');
    const looks = (count: number) => [...chain(count, false), fakeStep('last', ['step-1'])];
    expect(() => verifyModel(modelOf(looks(40)))).to.not.throw();
    expect(() => verifyModel(modelOf(looks(41)))).to.throw('42 steps (1 with an approval)');
  });
});
