import { expect } from 'chai';
import { buildModel, type JenkinsModel, type Pipeline, stageNames, stepStages } from '../../../pipeline/jenkins/model.ts';
import { jenkinsSettings } from '../../../pipeline/jenkins/settings.ts';
import type { JenkinsStep } from '../../../pipeline/jenkins/steps.ts';
import { exampleEstate, exampleSteps, fakeStep } from './example.ts';

function modelOf(steps: readonly JenkinsStep[] = exampleSteps): JenkinsModel {
  return buildModel({ estate: exampleEstate(), steps, settings: jenkinsSettings.parse({}), tool: 'eks-dr 0.0.0', bundleDigest: 'd' });
}

function pipelineOf(model: JenkinsModel, file: string): Pipeline {
  const found = model.pipelines.find((pipeline) => pipeline.file === file);
  if (found === undefined) throw new Error(`no ${file}`);
  return found;
}

describe('The Jenkins model', () => {
  it('makes one top-level stage of each wave, with independent steps side by side', () => {
    const { stages } = pipelineOf(modelOf(), 'Jenkinsfile');
    expect(stages.map(({ kind, name }) => `${kind} ${name}`)).to.deep.equal([
      'run Title of take-inventory',
      'run Title of preflight',
      'parallel create-cluster + open-merge-request',
      'gate Title of connect-cluster',
      'parallel register-argocd + prepare-namespaces',
      'gate Title of merge-deploy',
      'run Title of await-services',
      'run Title of verify-services',
      'gate Title of switch-route53',
      'run Title of report',
    ]);
  });

  it('keeps the approval of a step inside the stage that can be restarted', () => {
    const { stages } = pipelineOf(modelOf(), 'Jenkinsfile');
    expect(stages.flatMap((stage) => (stage.kind === 'gate' && stage.step === 'connect-cluster' ? stageNames(stage) : []))).to.deep.equal([
      'Title of connect-cluster',
      'Approve connect-cluster',
      'Apply connect-cluster',
    ]);
  });

  it('undoes what changes something, last wave first', () => {
    const undo = pipelineOf(modelOf(), 'Jenkinsfile.undo');
    expect(undo.environment).to.deep.equal({ EKS_DR_KEEP: 'true', EKS_DR_FLAGS: '--undo' });
    expect(stepStages(undo.stages).map(({ step }) => step)).to.deep.equal([
      'switch-route53',
      'merge-deploy',
      'register-argocd',
      'prepare-namespaces',
      'connect-cluster',
      'create-cluster',
      'open-merge-request',
    ]);
  });

  it('leaves out of an undo of the endpoints what does not switch any', () => {
    const scopedSteps = [fakeStep('make', []), fakeStep('switch', ['make'], { undoScope: 'endpoints' })];
    const { stages, parameters } = pipelineOf(modelOf(scopedSteps), 'Jenkinsfile.undo');
    expect(stepStages(stages).map(({ step, skippedFor }) => [step, skippedFor])).to.deep.equal([
      ['switch', []],
      ['make', ['endpoints']],
    ]);
    expect(parameters.map(({ name }) => name)).to.include.members(['SCOPE', 'ACCEPT_UNHEALTHY_PRIMARY']);
  });

  it('asks before an undo whether the cluster is gone that is said to be, and searches for orphans after one of everything', () => {
    const { stages, parameters } = pipelineOf(modelOf(), 'Jenkinsfile.undo');
    const looks = [stages[0], stages.at(-1)].map((stage) => (stage?.kind === 'look' ? [stage.step, stage.when] : []));
    expect(looks).to.deep.equal([
      ['ask-cluster', { parameter: 'CLUSTER_GONE', value: true }],
      ['search-orphans', { parameter: 'SCOPE', value: 'all' }],
    ]);
    expect(parameters.map(({ name }) => name)).to.include('CLUSTER_GONE');
  });

  it('runs at night only what comes before the first change', () => {
    const preflight = pipelineOf(modelOf(), 'Jenkinsfile.preflight');
    expect(stepStages(preflight.stages).map(({ kind, step }) => `${kind} ${step}`)).to.deep.equal(['run take-inventory', 'run preflight']);
    expect(preflight.schedule).to.equal('H 2 * * *');
    expect(preflight.environment).to.deep.equal({ REASON: 'Preflight' });
  });

  it('gives a step of one mode its place, and the mode in which alone it runs', () => {
    const steps = [
      fakeStep('look', [], { changes: false }),
      fakeStep('fence', ['look'], { modes: ['recover'] }),
      fakeStep('make', [], { after: [{ id: 'fence' }] }),
    ];
    const { stages } = pipelineOf(modelOf(steps), 'Jenkinsfile');
    expect(stepStages(stages).map(({ step, onlyIn }) => [step, onlyIn])).to.deep.equal([
      ['look', []],
      ['fence', ['recover']],
      ['make', []],
    ]);
  });

  it('leaves out what has a part in preparations alone', () => {
    const steps = [
      fakeStep('look', [], { changes: false, modes: ['drill', 'recover', 'prepare'] }),
      fakeStep('prepare', ['look'], { modes: ['prepare'] }),
    ];
    const { stages } = pipelineOf(modelOf(steps), 'Jenkinsfile');
    expect(stepStages(stages).map(({ step, onlyIn }) => [step, onlyIn])).to.deep.equal([['look', []]]);
    expect(stepStages(pipelineOf(modelOf(steps), 'Jenkinsfile.undo').stages)).to.deep.equal([]);
  });

  it('offers the harmless choice first: drill, and the default target', () => {
    const [mode, target] = pipelineOf(modelOf(), 'Jenkinsfile').parameters;
    expect(mode).to.include({ name: 'MODE' }).and.to.have.property('choices').that.deep.equals(['drill', 'recover']);
    expect(target).to.include({ name: 'TARGET' }).and.to.have.property('choices').that.deep.equals(['frankfurt', 'beside']);
  });

  it('binds a credential for each token and each secret that the estate names', () => {
    expect(modelOf().credentials.map(({ id, variable }) => `${id} ${variable}`)).to.deep.equal([
      'eks-dr-argocd-auth-token ARGOCD_AUTH_TOKEN',
      'eks-dr-eks-dr-digest-key EKS_DR_DIGEST_KEY',
      'eks-dr-gitlab-token GITLAB_TOKEN',
      'eks-dr-new-relic-license-key NEW_RELIC_LICENSE_KEY',
      'eks-dr-vault-token VAULT_TOKEN',
    ]);
  });
});
