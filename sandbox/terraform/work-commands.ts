import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { applyPlan } from './apply.ts';
import { type Arguments, type FlagKinds, isSet, lastOf, lockFlags, parseArguments } from './arguments.ts';
import { type Backend, openBackend } from './backend.ts';
import type { Command, CommandContext } from './command.ts';
import { type Configuration, readConfiguration } from './configuration.ts';
import { bareFailure, type Diagnostic, errorText, failure, failures } from './failure.ts';
import { locked } from './locked.ts';
import { countsOf, isEmpty, makePlan, type Plan } from './plan.ts';
import { readPlan, writePlan } from './plan-file.ts';
import { resourceMember } from './progress.ts';
import { loadOrNewState, saveState } from './remote-state.ts';
import { type State, serializeState } from './state.ts';
import { collectVariables } from './variables.ts';

const planningFlags: FlagKinds = {
  ...lockFlags,
  input: 'flag',
  json: 'flag',
  'no-color': 'flag',
  destroy: 'flag',
  var: 'list',
  'var-file': 'list',
  parallelism: 'value',
  refresh: 'flag',
  'compact-warnings': 'flag',
};

async function planNow(
  context: CommandContext,
  args: Arguments,
  backend: Backend,
  destroy: boolean,
): Promise<{ readonly plan: Plan; readonly configuration: Configuration; readonly state: State }> {
  const { settings, output, signal } = context;
  const configuration = await readConfiguration(settings.folder);
  if (configuration.problems.length > 0) throw failures(configuration.problems);
  const { values, warnings } = await collectVariables(configuration, {
    folder: settings.folder,
    files: args.flags['var-file'] ?? [],
    assignments: args.flags.var ?? [],
    environment: settings.environment,
  });
  output.diagnostics(warnings);
  const state = await loadOrNewState(backend);
  const plan = await makePlan({ settings, configuration, variables: values, destroy, state, output, signal });
  return { plan, configuration, state };
}

const planWords: Readonly<Record<string, string>> = {
  create: 'Plan to create',
  update: 'Plan to update',
  delete: 'Plan to delete',
  'delete,create': 'Plan to replace',
};

function tellChanges({ output }: CommandContext, plan: Plan): void {
  for (const change of plan.changes) {
    const words = planWords[change.actions.join(',')];
    if (words === undefined) continue;
    const action = change.actions.length > 1 ? 'replace' : change.actions[0];
    output.line({
      type: 'planned_change',
      message: `${change.address}: ${words}`,
      members: { change: { resource: resourceMember(change), action } },
    });
  }
}

function tellPlan(context: CommandContext, plan: Plan): void {
  const { output } = context;
  for (const change of plan.drift) {
    const members = { change: { resource: resourceMember(change), action: change.actions[0] } };
    output.line({ type: 'resource_drift', message: `${change.address}: Drift detected (${change.actions[0]})`, members });
  }
  tellChanges(context, plan);
  const { add, change, remove } = countsOf(plan);
  const message =
    add + change + remove === 0
      ? 'No changes. Your infrastructure matches the configuration.'
      : `Plan: ${add} to add, ${change} to change, ${remove} to destroy.`;
  output.line({ type: 'change_summary', message, members: { changes: { add, import: 0, change, remove, operation: 'plan' } } });
  const outputs = Object.entries(plan.outputs).map(([name, { actions }]) => [name, { sensitive: false, action: outputAction(actions) }]);
  if (output.lines && outputs.length > 0)
    output.line({ type: 'outputs', message: `Outputs: ${outputs.length}`, members: { outputs: Object.fromEntries(outputs) } });
}

function outputAction([action = 'no-op']: Plan['outputs'][string]['actions']): string {
  return action === 'no-op' ? 'noop' : action;
}

export const plan: Command = async (context, rest) => {
  const args = parseArguments(rest, { ...planningFlags, out: 'value', 'detailed-exitcode': 'flag' });
  const backend = await openBackend(context.settings);
  return locked(context, args, backend, 'OperationTypePlan', async () => {
    const { plan: made, configuration } = await planNow(context, args, backend, isSet(args, 'destroy'));
    tellPlan(context, made);
    const file = lastOf(args, 'out');
    if (file !== undefined) {
      await writePlan(resolve(context.settings.folder, file), { plan: made, backend, outputs: configuration.outputs });
      context.output.human(`\nSaved the plan to: ${file}`);
    }
    return isSet(args, 'detailed-exitcode') && !isEmpty(made) ? 2 : 0;
  });
};

/** How long (ms of the sandbox's time) a changed state may stay unsaved while an apply goes on. */
const persistInterval = 20_000;

function saver(context: CommandContext, backend: Backend, state: State): { changed(): Promise<void>; last(): Promise<Diagnostic[]> } {
  const { settings } = context;
  let saved = Date.now();
  let busy: Promise<unknown> = Promise.resolve();
  return {
    async changed() {
      if (Date.now() - saved < persistInterval / settings.scale) return;
      saved = Date.now();
      // The end decides whether the state is safe; in between a failure is tried again.
      busy = busy.then(() => saveState(backend, state)).catch(() => undefined);
      await busy;
    },
    async last() {
      await busy;
      try {
        await saveState(backend, state);
        return [];
      } catch (error) {
        await writeFile(join(settings.folder, 'errored.tfstate'), serializeState({ ...state, serial: state.serial + 1 }), { mode: 0o600 });
        const detail = `Error saving state: failed to upload state: operation error S3: PutObject, ${errorText(error)}`;
        const advice =
          'The error shown above has prevented Terraform from writing the updated state to the configured backend. To allow for recovery, the state has been written to the file "errored.tfstate" in the current working directory.\n\nRunning "terraform apply" again at this point will create a forked state, making it harder to recover.\n\nTo retry writing this state, use the following command:\n    terraform state push errored.tfstate';
        return [
          { severity: 'error', summary: 'Failed to save state', detail },
          { severity: 'error', summary: 'Failed to persist state to backend', detail: advice },
        ];
      }
    },
  };
}

function refuseStale({ serial, lineage }: Plan, state: State): void {
  if (state.serial === serial && (state.serial === 0 || state.lineage === lineage)) return;
  throw failure(
    'Saved plan is stale',
    'The given plan file can no longer be applied because the state was changed by another operation after the plan was created.',
  );
}

async function carryOut(
  context: CommandContext,
  backend: Backend,
  made: { readonly plan: Plan; readonly outputs: readonly string[] },
  state: State,
): Promise<number> {
  const { settings, output, signal } = context;
  const { plan: approved, outputs } = made;
  const save = saver(context, backend, state);
  const applied = await applyPlan({ settings, plan: approved, state, declaredOutputs: outputs, output, signal, changed: save.changed });
  const problems = [...applied.problems, ...(await save.last())];
  const { add, change, remove } = applied.counts;
  if (signal.aborted) problems.push({ severity: 'error', summary: 'execution halted', detail: '' });
  if (problems.length > 0) throw failures(problems);
  const message = approved.destroy
    ? `Destroy complete! Resources: ${remove} destroyed.`
    : `Apply complete! Resources: ${add} added, ${change} changed, ${remove} destroyed.`;
  const operation = approved.destroy ? 'destroy' : 'apply';
  output.line({ type: 'change_summary', message, members: { changes: { add, import: 0, change, remove, operation } } });
  const values = Object.entries(state.outputs).map(([name, { value, type }]) => [name, { sensitive: false, type, value }]);
  output.line({ type: 'outputs', message: `Outputs: ${values.length}`, members: { outputs: Object.fromEntries(values) } });
  return 0;
}

async function applySaved(context: CommandContext, args: Arguments, file: string): Promise<number> {
  if ((args.flags.var ?? args.flags['var-file']) !== undefined) {
    throw failure(
      "Can't change variable when applying a saved plan",
      'The variables cannot be set using the -var and -var-file options when applying a saved plan file, because a saved plan includes the variable values that were set when it was created.',
    );
  }
  const saved = await readPlan(context.settings.folder, file);
  const backend = await openBackend(context.settings);
  if (backend.bucket !== saved.backend.bucket || backend.key !== saved.backend.key) {
    throw failure('Saved plan was made for another backend', 'Run "terraform init" with the configuration that the plan was made with.');
  }
  return locked(context, args, backend, 'OperationTypeApply', async () => {
    const state = await loadOrNewState(backend);
    refuseStale(saved.plan, state);
    // People have seen the plan; machines are told again.
    if (context.output.lines) tellChanges(context, saved.plan);
    return carryOut(context, backend, saved, state);
  });
}

async function applyNow(context: CommandContext, args: Arguments, destroy: boolean): Promise<number> {
  const approved = isSet(args, 'auto-approve');
  if (!approved && context.output.lines) {
    const detail =
      'Terraform cannot ask for interactive approval when -json is set. You can either apply a saved plan file, or enable the -auto-approve option.';
    throw failure('Plan file or auto-approve required', detail);
  }
  const backend = await openBackend(context.settings);
  return locked(context, args, backend, 'OperationTypeApply', async () => {
    const { plan: made, configuration, state } = await planNow(context, args, backend, destroy);
    tellPlan(context, made);
    // Nobody is there to be asked; a plan without changes asks nothing.
    if (!approved && !isEmpty(made)) throw bareFailure('Error: error asking for approval: EOF');
    return carryOut(context, backend, { plan: made, outputs: configuration.outputs }, state);
  });
}

const applyFlags: FlagKinds = { ...planningFlags, 'auto-approve': 'flag' };

export const apply: Command = async (context, rest) => {
  const args = parseArguments(rest, applyFlags);
  const [file, ...more] = args.rest;
  if (more.length > 0) throw failure('Too many command line arguments', 'Expected at most one positional argument.');
  return file === undefined ? applyNow(context, args, isSet(args, 'destroy')) : applySaved(context, args, file);
};

export const destroy: Command = (context, rest) => applyNow(context, parseArguments(rest, applyFlags), true);
