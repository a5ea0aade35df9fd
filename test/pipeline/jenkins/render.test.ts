import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'yaml';
import { jenkinsFiles } from '../../../pipeline/jenkins/generate.ts';
import type { JenkinsStep } from '../../../pipeline/jenkins/steps.ts';
import type { Estate } from '../../../steps/estate/estate.ts';
import { exampleEstate, exampleSteps, exampleText, fakeStep } from './example.ts';

async function render(
  estate: Estate = exampleEstate(),
  steps: readonly JenkinsStep[] = exampleSteps,
  settings: object = {},
): Promise<ReadonlyMap<string, string>> {
  const { files } = await jenkinsFiles({ estate, estateText: exampleText, steps, stepFiles: [], tool: 'eks-dr 0.0.0', settings });
  return new Map(files.map(({ path, content }) => [path, content.toString()]));
}

/** The program without its comments and without what stands in its strings: what Groovy would run. */
function skeleton(groovy: string): string {
  return groovy
    .replaceAll(/'''[\s\S]*?'''|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (match) =>
      match.startsWith('/') ? '' : "''",
    )
    .replaceAll(/EKS_DR_BUNDLE = \S+/g, '');
}

const nasty = fc
  .array(
    fc.oneof(fc.constantFrom("'", '"', '\\', '${', '}', '\\u0027', '\\u000a', "');", '*/', '{{x}}', '😀'), fc.string({ unit: 'grapheme' })),
    { minLength: 1 },
  )
  .map((parts) => parts.join(''))
  .filter((text) => text !== '');

describe('Rendering the Jenkins repository', () => {
  let files: ReadonlyMap<string, string>;
  before(async () => {
    files = await render();
  });
  const text = (path: string): string => files.get(path) ?? expect.fail(`${path} is not rendered`);

  it('holds no agent while it waits: no agent but none, and none in a stage', () => {
    for (const file of ['Jenkinsfile', 'Jenkinsfile.undo', 'Jenkinsfile.preflight']) {
      expect(text(file).match(/^\s*agent .*$/gm)).to.deep.equal(['  agent none']);
    }
  });

  it('asks by a literal input in the Approve stage, and applies in the next one', () => {
    const stage = /stage\('Approve merge-deploy'\) \{([\s\S]*?)stage\('Apply merge-deploy'\) \{([\s\S]*?)\n {6}\}/.exec(
      text('Jenkinsfile'),
    );
    expect(stage?.[1]).to.contain(
      "input(message: question.message, id: 'approve-merge-deploy', ok: 'Approve', submitter: question.submitter, submitterParameter: 'APPROVER')",
    );
    expect(stage?.[2]).to.contain("eksDrApply('merge-deploy')").and.not.contain('input');
  });

  it('sets the options that a recovery needs and none that would hurt it', () => {
    const options = /options \{([\s\S]*?)\n {2}\}/.exec(text('Jenkinsfile'))?.[1];
    for (const option of [
      'disableConcurrentBuilds()',
      "durabilityHint('MAX_SURVIVABILITY')",
      'skipDefaultCheckout()',
      "copyArtifactPermission('/eks-dr/EKS-DR,/eks-dr/EKS-DR-undo')",
    ]) {
      expect(options).to.contain(option);
    }
    for (const [path, content] of files) {
      if (/Jenkinsfile|vars\/.*groovy$/.test(path))
        expect(content, path).to.not.match(/failFast|abortPrevious|milestone|disableResume|\block\(/);
    }
  });

  it('never puts a value into a shell script by Groovy', () => {
    for (const [path, content] of files) {
      if (!path.endsWith('.groovy')) continue;
      for (const script of content.matchAll(/script: (.)/g)) expect(script[1], path).to.be.oneOf(["'", 'l']);
    }
    expect(text('vars/eksDrAgent.groovy')).to.contain("script: libraryResource('eks-dr/prepare.sh')");
  });

  it('traps SIGTERM around every step, so that Node can finish', () => {
    for (const path of ['vars/eksDrApply.groovy', 'vars/eksDrApprove.groovy']) expect(text(path)).to.match(/'trap : TERM/);
  });

  it('calls only what the library has', () => {
    const called = [...files].flatMap(([path, content]) =>
      /Jenkinsfile|\.groovy$/.test(path) ? [...content.matchAll(/\b(eksDr\w+)\(/g)].map((match) => match[1]) : [],
    );
    for (const name of new Set(called)) expect(files.has(`vars/${name}.groovy`), name).to.equal(true);
  });

  it('declares and seeds the same parameters', () => {
    const seeds = text('jobs/eks_dr.groovy').split('pipelineJob(').slice(1);
    for (const [index, file] of ['Jenkinsfile', 'Jenkinsfile.undo', 'Jenkinsfile.preflight'].entries()) {
      const declared = [...text(file).matchAll(/(?:choice|string|booleanParam)\(name: '(\w+)'/g)].map((match) => match[1]);
      const seeded = [...(seeds[index] ?? '').matchAll(/(?:choice|string|boolean)Param\('(\w+)'/g)].map((match) => match[1]);
      expect(seeded).to.deep.equal(declared);
    }
  });

  it('skips a step outside its mode', async () => {
    const steps = [fakeStep('look', [], { changes: false }), fakeStep('fence', ['look'], { modes: ['recover'] })];
    expect((await render(exampleEstate(), steps)).get('Jenkinsfile')).to.contain(
      "stage('Title of fence') {\n      when { expression { params.MODE == 'recover' } }",
    );
  });

  it('writes Configuration as Code that is YAML', () => {
    expect(parse(text('casc/eks-dr.yaml'))).to.have.nested.property('jobs[1].file', '${EKS_DR_CHECKOUT}/jobs/eks_dr.groovy');
    expect(parse(text('casc/credentials.yaml'))).to.have.nested.property(
      'credentials.system.domainCredentials[0].credentials[2].string.secret',
      '${GITLAB_TOKEN}',
    );
  });

  it('leaves no template mark and no trailing space behind', () => {
    for (const [path, content] of files) if (!/\.tgz$|estate\./.test(path)) expect(content, path).to.not.match(/\{\{|\}\}| +$/m);
  });

  it('lets no name in the estate, the settings or a step change the program', async () => {
    const plain = [...files].filter(([path]) => /Jenkinsfile|\.groovy$/.test(path));
    await fc.assert(
      fc.asyncProperty(nasty, nasty, nasty, async (name, target, title) => {
        fc.pre(!/[\r\n]/.test(target) && target !== 'beside' && title.trim() !== '');
        const estate = exampleEstate();
        const { frankfurt, beside } = estate.targets;
        if (frankfurt === undefined || beside === undefined) throw new Error('the example has two targets');
        const evil = {
          ...estate,
          name,
          defaultTarget: target,
          targets: Object.fromEntries([
            [target, frankfurt],
            ['beside', beside],
          ]),
        };
        const steps = exampleSteps.map((step) => ({ ...step, title: `${title} ${step.id}` }));
        const rendered = await render(evil, steps, { agentLabel: name, branch: title });
        for (const [path, content] of plain) expect(skeleton(rendered.get(path) ?? ''), path).to.equal(skeleton(content));
      }),
      { numRuns: 40 },
    );
  });
});
