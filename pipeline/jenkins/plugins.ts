/** A Jenkins plugin that the generated jobs use. `floor`: the oldest version known to do; null: any current one does. */
export interface Plugin {
  readonly name: string;
  readonly floor: string | null;
  readonly why: string;
}

/** The one place where plugin versions stand. */
export const plugins: readonly Plugin[] = [
  { name: 'cloudbees-folder', floor: null, why: 'the folder that holds jobs, library and credentials' },
  { name: 'configuration-as-code', floor: null, why: 'casc/: seeds the jobs' },
  { name: 'copyartifact', floor: '1.44', why: 'SOURCE_BUILD: the records of another build' },
  { name: 'credentials-binding', floor: null, why: 'secrets as environment variables, masked in the log' },
  { name: 'git', floor: null, why: 'reads this repository' },
  { name: 'job-dsl', floor: '1.74', why: 'jobs/: the jobs with the same parameters as the Jenkinsfiles' },
  { name: 'matrix-auth', floor: '3.2', why: 'who may build, approve, and not replay' },
  { name: 'pipeline-groovy-lib', floor: null, why: 'the folder library and libraryResource with Base64' },
  { name: 'pipeline-input-step', floor: '456.vd8a_957db_5b_e9', why: 'approvals' },
  { name: 'pipeline-model-definition', floor: '2.2218.v56d0cda_37c72', why: 'declarative pipelines, restart from a stage' },
  { name: 'timestamper', floor: null, why: 'times in the log' },
  { name: 'workflow-basic-steps', floor: '969.vc4ec3e4854b_f', why: 'archived records travel between agents' },
  { name: 'workflow-durable-task-step', floor: '1164.v2334ddcf48d0', why: 'sh survives a restart of the controller' },
  { name: 'workflow-job', floor: null, why: 'pipeline jobs' },
];
