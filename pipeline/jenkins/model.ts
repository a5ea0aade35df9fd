import { askCluster } from '../../steps/ask-cluster.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import type { Run } from '../../steps/kit/run.ts';
import { isReadOnly, type UndoScope } from '../../steps/kit/step.ts';
import { searchOrphans } from '../../steps/search-orphans.ts';
import { type Credential, credentialsOf } from './credentials.ts';
import { type Parameter, preflightParameters, recoveryParameters, undoParameters } from './parameters.ts';
import { type Plugin, plugins } from './plugins.ts';
import type { JenkinsSettings } from './settings.ts';
import { type JenkinsStep, onlyIn, otherScopes, readOnlyWaves, stepWaves, undoWaves } from './steps.ts';

/** A step that changes nothing: one stage, on an agent. */
export interface RunStage {
  readonly kind: 'run';
  readonly name: string;
  readonly step: string;
  readonly onlyIn: readonly Run['mode'][];
  readonly skippedFor: readonly UndoScope[];
}

/** A step that changes something: plan and ask, then apply, as nested stages of one stage that can be restarted as a whole. */
export interface GateStage {
  readonly kind: 'gate';
  readonly name: string;
  readonly step: string;
  readonly onlyIn: readonly Run['mode'][];
  /** Scopes of an undo to which the step does not belong. */
  readonly skippedFor: readonly UndoScope[];
  readonly approve: { readonly name: string; readonly inputId: string; readonly ok: string };
  readonly apply: { readonly name: string };
}

/** A step outside of the graph that only looks, where a parameter of the undo has this value. */
export interface LookStage {
  readonly kind: 'look';
  readonly name: string;
  readonly step: string;
  readonly when: { readonly parameter: string; readonly value: string | true };
}

/** Independent steps side by side. It has no agent of its own: Jenkins would hold it during every approval. */
export interface ParallelStage {
  readonly kind: 'parallel';
  readonly name: string;
  readonly branches: readonly (RunStage | GateStage)[];
}

export type Stage = RunStage | GateStage | LookStage | ParallelStage;

/** One Jenkinsfile and the job that runs it. */
export interface Pipeline {
  readonly file: string;
  /** The full name of the job, without a leading slash. */
  readonly job: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly schedule: string | null;
  /** Variables for every stage, beside the digest of the bundle. */
  readonly environment: Readonly<Record<string, string>>;
  /** The job whose SOURCE_BUILD may be continued here. */
  readonly source: string | null;
  readonly copiedBy: readonly string[];
  readonly stages: readonly Stage[];
}

/** Everything that the templates show; no decision is left to them. */
export interface JenkinsModel {
  readonly estateName: string;
  readonly tool: string;
  readonly settings: JenkinsSettings;
  readonly pipelines: readonly Pipeline[];
  readonly credentials: readonly Credential[];
  readonly plugins: readonly Plugin[];
  readonly terraform: Estate['terraform']['binary'];
  /** sha256, in hex, of the bundle before compression. */
  readonly bundleDigest: string;
}

export interface ModelInput {
  readonly estate: Estate;
  readonly steps: readonly JenkinsStep[];
  readonly settings: JenkinsSettings;
  readonly tool: string;
  readonly bundleDigest: string;
}

/** Builds that may have changed something are kept for good: their records are the way back and the audit trail. */
const KEEP = { EKS_DR_KEEP: 'true' } as const;

const clusterQuestion: LookStage = {
  kind: 'look',
  name: askCluster.title,
  step: askCluster.id,
  when: { parameter: 'CLUSTER_GONE', value: true },
};

/** A part of a run leaves the rest: only after an undo of all of it nothing may be left. */
const orphanSearch: LookStage = {
  kind: 'look',
  name: searchOrphans.title,
  step: searchOrphans.id,
  when: { parameter: 'SCOPE', value: 'all' },
};

/** The whole repository as data. Pure. */
export function buildModel({ estate, steps, settings, tool, bundleDigest }: ModelInput): JenkinsModel {
  const job = `${settings.folder}/${settings.job}`;
  const recovery: Pipeline = {
    file: 'Jenkinsfile',
    job,
    summary: 'Disaster recovery, or a drill of it: every step is planned, approved, applied.',
    environment: { ...KEEP },
    parameters: recoveryParameters(estate),
    schedule: null,
    source: `/${job}`,
    copiedBy: [`/${job}`, `/${job}-undo`],
    stages: stepWaves(steps).map((wave) => waveStage(wave, false)),
  };
  const undo: Pipeline = {
    file: 'Jenkinsfile.undo',
    job: `${job}-undo`,
    summary: 'The way back of one run: failback, drill clean-up, or giving up half way.',
    environment: { ...KEEP, EKS_DR_FLAGS: '--undo' },
    parameters: undoParameters(),
    schedule: null,
    source: `/${job}`,
    copiedBy: [`/${job}-undo`],
    stages: [clusterQuestion, ...undoWaves(steps).map((wave) => waveStage(wave, true)), orphanSearch],
  };
  const preflight: Pipeline = {
    file: 'Jenkinsfile.preflight',
    job: `${job}-preflight`,
    summary: 'Every night: takes the inventory and looks for what would stop a recovery. Changes nothing.',
    environment: { REASON: 'Preflight' },
    parameters: preflightParameters(estate),
    schedule: settings.preflightSchedule,
    source: null,
    copiedBy: [],
    stages: readOnlyWaves(steps).map((wave) => waveStage(wave, false)),
  };
  return {
    estateName: estate.name,
    tool,
    settings,
    pipelines: [recovery, undo, preflight],
    credentials: credentialsOf(estate, settings.credentialPrefix),
    plugins,
    terraform: estate.terraform.binary,
    bundleDigest,
  };
}

/** Every stage of a pipeline, outer ones first, as Jenkins names them. */
export function stageNames(stage: Stage): readonly string[] {
  switch (stage.kind) {
    case 'run':
    case 'look':
      return [stage.name];
    case 'gate':
      return [stage.name, stage.approve.name, stage.apply.name];
    case 'parallel':
      return [stage.name, ...stage.branches.flatMap(stageNames)];
  }
}

/** The stages that run a step of the graph, wherever they stand. */
export function stepStages(stages: readonly Stage[]): readonly (RunStage | GateStage)[] {
  return stages.flatMap((stage) => (stage.kind === 'parallel' ? stage.branches : stage.kind === 'look' ? [] : [stage]));
}

function waveStage(wave: readonly JenkinsStep[], undo: boolean): Stage {
  const [first, ...others] = wave.map((step) => stepStage(step, undo));
  if (first !== undefined && others.length === 0) return first;
  const name = wave.map(({ id }) => id).join(' + ');
  return { kind: 'parallel', name: undo ? `Undo ${name}` : name, branches: first === undefined ? [] : [first, ...others] };
}

function stepStage(step: JenkinsStep, undo: boolean): RunStage | GateStage {
  // An undo has no MODE: a step that had no part in the run has nothing to undo either.
  const common = {
    name: undo ? `Undo: ${step.title}` : step.title,
    step: step.id,
    onlyIn: undo ? [] : onlyIn(step),
    skippedFor: undo ? otherScopes(step) : [],
  };
  if (isReadOnly(step)) return { kind: 'run', ...common };
  const undoing = undo ? 'undo of ' : '';
  return {
    kind: 'gate',
    ...common,
    approve: { name: `Approve ${undoing}${step.id}`, inputId: `approve-${step.id}`, ok: 'Approve' },
    apply: { name: `Apply ${undoing}${step.id}` },
  };
}
