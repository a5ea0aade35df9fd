import { EksDrError } from '../../steps/kit/errors.ts';
import { type GateStage, type JenkinsModel, type Pipeline, type Stage, stageNames, stepStages } from './model.ts';

/**
 * The largest pipelines that ran on a real controller (Jenkins 2.498) had 36 steps of two nested stages, or 64 of one stage; beyond that
 * Jenkins fails with "Method too large", which neither its linter nor its validation foresees. In 576ths of that size:
 */
const SIZE = { gate: 576 / 36, run: 576 / 64, look: 576 / 64 } as const;

/** A third stays in hand: for longer names, other plugin versions, and a few more steps. */
const USABLE = (576 * 2) / 3;

/** Throws `input-invalid` with everything that Jenkins would refuse, or that would only fail on the night. */
export function verifyModel(model: JenkinsModel): void {
  const mistakes = [...model.pipelines.flatMap(pipelineMistakes), ...credentialMistakes(model)];
  if (mistakes.length === 0) return;
  throw new EksDrError('input-invalid', {
    message: `The Jenkins repository would not work: ${mistakes.join('; ')}.`,
    target: 'jenkins',
    remedy: 'Correct the estate, the settings or the list of steps, then generate again.',
  });
}

function pipelineMistakes(pipeline: Pipeline): readonly string[] {
  const mistakes = [
    ...nameMistakes(pipeline.stages),
    ...pipeline.stages.flatMap(blockMistakes),
    ...inputMistakes(stepStages(pipeline.stages).filter((stage) => stage.kind === 'gate')),
    ...parameterMistakes(pipeline),
    ...sizeMistakes(pipeline.stages),
  ];
  return mistakes.map((mistake) => `${pipeline.file}: ${mistake}`);
}

function nameMistakes(stages: readonly Stage[]): readonly string[] {
  const names = ['Start', ...stages.flatMap(stageNames)];
  const empty = names.some((name) => name.trim() === '') ? ['a stage has no name'] : [];
  return [...empty, ...repeated(names).map((name) => `two stages are called "${name}"`)];
}

function blockMistakes(stage: Stage): readonly string[] {
  if (stage.kind !== 'parallel') return stage.step === '' ? [`the stage "${stage.name}" runs nothing`] : [];
  return stage.branches.length === 0 ? [`the stage "${stage.name}" has no branches`] : stage.branches.flatMap(blockMistakes);
}

function inputMistakes(gates: readonly GateStage[]): readonly string[] {
  const ids = gates.map(({ approve }) => approve.inputId);
  return [
    // The id becomes a part of the address at which the approval is given; Jenkins also raises its first letter.
    ...ids.filter((id) => !/^[A-Za-z0-9_-]+$/.test(id)).map((id) => `the input id "${id}" can't stand in an address`),
    ...repeated(ids.map((id) => id.toLowerCase())).map((id) => `two inputs have the id "${id}"`),
    ...gates.filter(({ approve }) => approve.ok.trim() === '').map(({ step }) => `the input of ${step} has an empty button`),
  ];
}

function parameterMistakes({ parameters }: Pipeline): readonly string[] {
  return [
    ...parameters.filter(({ name }) => !/^[A-Z][A-Z0-9_]*$/.test(name)).map(({ name }) => `"${name}" is no name for a parameter`),
    ...repeated(parameters.map(({ name }) => name)).map((name) => `two parameters are called ${name}`),
    ...parameters.filter((one) => one.kind === 'choice' && one.choices.length === 0).map(({ name }) => `${name} has no choices`),
    // Jenkins splits choices at line ends.
    ...parameters
      .filter((one) => one.kind === 'choice' && one.choices.some((choice) => choice === '' || /[\r\n]/.test(choice)))
      .map(({ name }) => `a choice of ${name} is empty or has a line end`),
  ];
}

function sizeMistakes(stages: readonly Stage[]): readonly string[] {
  if (stages.length === 0) return ['there is no stage'];
  const steps = stepStages(stages);
  const looks = stages.filter(({ kind }) => kind === 'look');
  const used = [...steps, ...looks].reduce((sum, { kind }) => sum + SIZE[kind as keyof typeof SIZE], 0);
  if (used <= USABLE) return [];
  const gates = steps.filter(({ kind }) => kind === 'gate').length;
  return [
    `${steps.length} steps (${gates} with an approval)${looks.length === 0 ? '' : ` and ${looks.length} looks`} are more than Jenkins can compile with a margin; at most ${USABLE / SIZE.gate} with an approval fit`,
  ];
}

function credentialMistakes({ credentials }: JenkinsModel): readonly string[] {
  return repeated(credentials.map(({ id }) => id)).map((id) => `two credentials have the id ${id}`);
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
