import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Build, type BuildOptions, createJenkins, type Jenkins } from './jenkins.ts';
import { skipWithoutJava } from './skip.ts';

/** What the other tests rely on: the controller refuses what Jenkins refuses, so that a mistake in the generated Groovy can't pass. */
describe('the controller that runs the generated Groovy', function () {
  this.timeout(120_000);
  let jenkins: Jenkins | undefined;
  let repository: string;

  before(async function () {
    await skipWithoutJava(this);
    repository = await mkdtemp(join(tmpdir(), 'eks-dr-strictness-'));
    await mkdir(join(repository, 'vars'));
    await mkdir(join(repository, 'resources'));
    jenkins = await createJenkins({
      repository,
      environment: { PATH: process.env.PATH ?? '' },
      credentials: { token: 's3cret-of-the-test' },
    });
  });
  after(async () => {
    await jenkins?.remove();
    if (repository !== undefined) await rm(repository, { recursive: true });
  });

  interface Written {
    /** The steps of the only stage. */
    readonly steps?: string;
    readonly sections?: string;
    readonly file?: string;
    readonly vars?: Readonly<Record<string, string>>;
  }

  async function build(
    { steps = "echo('hello')", sections, file, vars = {} }: Written,
    options: Partial<BuildOptions> = {},
  ): Promise<Build> {
    await rm(join(repository, 'vars'), { recursive: true });
    await mkdir(join(repository, 'vars'));
    for (const [name, text] of Object.entries(vars)) await writeFile(join(repository, 'vars', `${name}.groovy`), text);
    const stages = sections ?? `stages { stage('Only') { steps { script { ${steps} } } } }`;
    await writeFile(join(repository, 'Jenkinsfile'), file ?? `@Library('eks-dr') _\npipeline {\n  agent none\n  ${stages}\n}\n`);
    if (jenkins === undefined) throw new Error('there is no Jenkins');
    return jenkins.build({ job: 'EKS-DR', ...options });
  }

  async function refusal(written: Written, options: Partial<BuildOptions> = {}): Promise<string> {
    return build(written, options).then(
      (ended) => `not refused: ${ended.result}`,
      (error: Error) => error.message,
    );
  }

  it('runs blocks on an agent, with variables, credentials and the exit status of real shells', async () => {
    const steps = `
      node('eks-dr') {
        withEnv(['COLOUR=blue']) {
          withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) {
            echo(sh(returnStdout: true, script: 'echo "$COLOUR \${#TOKEN} $BUILD_NUMBER"').trim())
          }
        }
        sh('exit 3')
      }`;
    const { result, log, number } = await build({ steps });
    expect(result).to.equal('FAILURE');
    expect(log).to.contain(`blue 18 ${number}\n`).and.contain('script returned exit code 3');
  });

  it('gives every block of an agent an empty folder', async () => {
    const steps = `
      node('eks-dr') { sh('touch left') }
      node('eks-dr') { echo('left: ' + fileExists('left')) }`;
    expect((await build({ steps })).log).to.contain('left: false');
  });

  it('restarts a build from a stage with its parameters, artifacts and variables, and from no other place', async () => {
    const stages = `parameters { string(name: 'COLOUR', defaultValue: 'red', description: '', trim: true) }
      stages {
        stage('First') { steps { script { env.LEFT = 'a word'; node('eks-dr') { sh('echo kept > kept'); archiveArtifacts(artifacts: 'kept') } } } }
        stage('Second') { steps { script { node('eks-dr') { unarchive(mapping: ['kept': '.']); sh('echo "$COLOUR $LEFT $(cat kept)"') } } } }
      }`;
    const { number } = await build({ sections: stages }, { parameters: { COLOUR: ' blue ' } });
    const again = await build({}, { restart: { build: number, stage: 'Second' } });
    expect(again.log).to.contain('\nblue a word kept\n');
    expect(again.stages).to.deep.equal({ First: 'SKIPPED FOR RESTART', Second: 'SUCCESS' });
    expect(await refusal({}, { restart: { build: number, stage: 'Third' } })).to.contain('no top-level stage has that name');
  });

  it('lets branches take turns, and ends them all before it fails', async () => {
    const branch = (name: string, script: string): string => `stage('${name}') { steps { script { node('eks-dr') { sh('${script}') } } } }`;
    const sections = `stages { stage('Both') { parallel { ${branch('A', 'sleep 1; exit 1')}\n ${branch('B', 'sleep 2; echo B goes on')} } }
      stage('After') { steps { echo('after') } } }`;
    const { result, stages, log } = await build({ sections });
    expect(result).to.equal('FAILURE');
    expect(log).to.contain('B goes on');
    expect(stages).to.deep.equal({ Both: 'FAILED', A: 'FAILED', B: 'SUCCESS', After: 'SKIPPED' });
  });

  const refused: readonly (readonly [what: string, written: Written, words: string])[] = [
    ['a step that nobody has', { steps: "eksDrAply('x')" }, "No such DSL method 'eksDrAply'"],
    ['a parameter that a step does not have', { steps: "node('eks-dr') { sh(scrip: 'true') }" }, 'sh has no parameter scrip'],
    ['files without an agent', { steps: "fileExists('x')" }, 'fileExists needs an agent'],
    ['an agent of another label', { steps: "node('linux') { }" }, 'No agent has the label linux'],
    [
      'a question that holds an agent',
      { steps: "node('eks-dr') { input(message: 'go?', id: 'go', ok: 'Go', submitterParameter: 'WHO') }" },
      'input go holds an agent while it waits',
    ],
    [
      'a value that can not be saved while a step waits',
      {
        steps: "def found = parsed('{}'); node('eks-dr') { sh('true') }; echo('' + found)",
        vars: { parsed: '@NonCPS\ndef call(String text) { return new groovy.json.JsonSlurper().parseText(text) }' },
      },
      'is not serializable',
    ],
    [
      'what the sandbox has not approved',
      { steps: "echo(System.getenv('HOME'))" },
      'The sandbox has not approved the method getenv of java.lang.System',
    ],
    ['a constructor that the sandbox has not approved', { steps: "new File('x')" }, 'not approved the constructor of java.io.File'],
    [
      'an unknown post condition',
      { sections: "stages { stage('A') { steps { echo('a') } } }\n post { allways { echo('b') } }" },
      'no allways in the section post',
    ],
    [
      'an unknown option',
      { sections: "options { disableConcurentBuilds() }\n stages { stage('A') { steps { echo('a') } } }" },
      'no disableConcurentBuilds',
    ],
    [
      'two stages of one name',
      { sections: "stages { stage('A') { steps { echo('a') } }\n stage('A') { steps { echo('b') } } }" },
      'two stages A',
    ],
    [
      'a stage without steps',
      { sections: "stages { stage('A') { when { expression { true } } } }" },
      'needs one of steps, stages and parallel',
    ],
    [
      'to copy artifacts from a job that does not permit it',
      { steps: "node('eks-dr') { copyArtifacts(projectName: '/eks-dr/EKS-DR', selector: specific('1'), filter: 'dr-state/**') }" },
      'not refused: FAILURE',
    ],
    [
      'to copy artifacts from a job beside it by its bare name',
      { steps: "node('eks-dr') { copyArtifacts(projectName: 'EKS-DR', selector: specific('1'), filter: 'dr-state/**') }" },
      'a full name begins with a slash',
    ],
    ['an empty block', { sections: 'stages { }' }, 'section stages is empty'],
    [
      'another library',
      { file: "@Library('other') _\npipeline { agent none\n stages { stage('A') { steps { echo('a') } } } }" },
      "does not ask for @Library('eks-dr')",
    ],
  ];
  for (const [what, written, words] of refused) {
    it(`refuses ${what}`, async () => {
      expect(await refusal(written)).to.contain(words);
    });
  }
});
