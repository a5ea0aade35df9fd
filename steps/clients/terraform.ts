import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Estate } from '../estate/estate.ts';
import type { Clock } from '../kit/clock.ts';
import type { Json } from '../kit/json.ts';
import type { Log } from '../kit/log.ts';
import type { Run } from '../kit/run.ts';
import { memoised, once } from './memoised.ts';
import { holderOf, type StackCache, stackCache } from './terraform-cache.ts';
import { type CommandLine, commandLine, parseOutput } from './terraform-command.ts';
import { lockConflict, lockIn } from './terraform-errors.ts';
import { hasLockFile, moduleFolder, type PrivateFolder, privateFolder } from './terraform-folder.ts';
import type { Watch } from './terraform-process.ts';
import { backendFile, backendOf, stackVariables, stateKeyOf } from './terraform-stack-ref.ts';
import {
  type HeldResource,
  type LockHolder,
  outputsDocument,
  type PlanDocument,
  planDocument,
  type StackRef,
  type StackRequest,
  stateDocument,
  type stateModule,
  type TerraformOutput,
  type ValidationProblem,
  validationDocument,
  versionDocument,
} from './terraform-types.ts';

/**
 * The Terraform (or OpenTofu) command line, one working folder per stack, never a shell.
 * Commands used: version -json, init, validate -json, plan -json -out, show -json, apply -json, output -json, state push,
 * force-unlock, untaint, and untaint -allow-missing of nothing, which takes and frees the state lock without changing anything: the probe
 * for a held lock.
 */
export interface Terraform {
  /** The version of the program, such as 1.11.4. Throws `program-missing`. */
  version(): Promise<string>;
  /** Initialises the backend; throws what stands in the way. */
  reachBackend(stack: StackRef): Promise<void>;
  /** What the module says against itself; reads no state. */
  validate(stack: StackRef): Promise<readonly ValidationProblem[]>;
  /** Whether the module comes with a dependency lock file. */
  hasLockFile(stack: StackRef): Promise<boolean>;
  /** What Terraform would do now; changes nothing and takes no lock. */
  plan(stack: StackRef, request: StackRequest): Promise<PlanDocument>;
  /** Plans into a private file, hands the plan to `check` (which throws what it can't allow), applies that very file, deletes it. */
  apply(stack: StackRef, request: StackRequest, check: (plan: PlanDocument) => void | Promise<void>): Promise<void>;
  outputs(stack: StackRef): Promise<Readonly<Record<string, TerraformOutput>>>;
  /** The managed objects in the state, as it was saved last; their values may be secret. */
  resources(stack: StackRef): Promise<readonly HeldResource[]>;
  /** Takes the taint from an object of the state, so that Terraform keeps it. Throws where it has none. */
  untaint(stack: StackRef, address: string): Promise<void>;
  /** Who holds the lock of the state, or null. */
  lock(stack: StackRef): Promise<LockHolder | null>;
  /** Breaks exactly that lock. */
  unlock(stack: StackRef, lockId: string): Promise<void>;
  /** The run whose state this is, or null when the state's key is not the one of this run. */
  runOf(stack: StackRef): string | null;
  /** What the estate and the run give the module: also needed to destroy. */
  readonly variables: Readonly<Record<string, Json>>;
}

export interface TerraformOptions {
  readonly estate: Pick<Estate, 'name' | 'terraform' | 'targets'>;
  readonly run: Pick<Run, 'id' | 'mode' | 'target'>;
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly estateFolder: string;
}

/** An initialised working copy of one stack. */
interface Session {
  readonly folder: PrivateFolder;
  readonly cache: StackCache;
  readonly module: string;
  readonly command: CommandLine;
}

/** A lock that is held for a moment only (someone else plans) is waited for. */
const LOCK_TIMEOUT = '20s';
/** As `untaint` calls itself in the lock that it takes (internal/command/untaint.go of Terraform). */
const PROBE_OPERATION = 'untaint';
const HELD_WITHOUT_HOLDER = /acquiring the state lock.*PreconditionFailed.*unable to retrieve/is;
const PROBED_ADDRESS = 'terraform_data.eks_dr_lock_probe';

/**
 * Makes the client. EKS_DR_TERRAFORM names the program by path; else estate.terraform.binary is looked for on PATH.
 * EKS_DR_BREAK_LOCK is the id of a state lock whose holder a person declares dead.
 */
export function connectTerraform(options: TerraformOptions): Terraform {
  const { estate, run, environment, estateFolder, log } = options;
  const program = environment.EKS_DR_TERRAFORM ?? estate.terraform.binary;
  const key = (stack: StackRef): string => JSON.stringify([stack.directory, stack.stateKey]);

  const open = async (stack: StackRef): Promise<Session> => {
    const module = await moduleFolder(estateFolder, stack.directory);
    const folder = await privateFolder();
    return {
      module,
      folder,
      cache: stackCache(stack, module, environment),
      command: commandLine(options, { program, stack, module, folder }),
    };
  };
  const initialise = async (session: Session, backend: string): Promise<Session> => {
    const lockFile = (await hasLockFile(session.module)) ? ['-lockfile=readonly'] : [];
    await session.command.run('init', ['-input=false', '-no-color', '-reconfigure', ...lockFile, backend]);
    return session;
  };
  const initialised = memoised(async (name: string) => {
    const stack = stackFrom(name);
    const session = await open(stack);
    const config = backendFile(backendOf(estate, run));
    await session.folder.withFile('backend.hcl', config, (file) => initialise(session, `-backend-config=${file}`));
    // Left in the module when the process died before it could put the state in safety.
    await session.cache.rescue(session.module);
    return session;
  });
  const withoutBackend = memoised(async (name: string) => initialise(await open(stackFrom(name)), '-backend=false'));
  const pushing = new Map<string, Promise<void>>();
  const session = async (stack: StackRef): Promise<Session> => {
    const name = key(stack);
    const opened = await initialised(name);
    // Several may ask for the stack at once; one of them pushes.
    const pushed =
      pushing.get(name) ??
      pushRescued(opened, { log, confirmed: environment.EKS_DR_BREAK_LOCK }).finally(() => {
        pushing.delete(name);
      });
    pushing.set(name, pushed);
    await pushed;
    return opened;
  };

  const version = once(async () => {
    const folder = await privateFolder();
    const nowhere: StackRef = { directory: '.', stateKey: '', region: '' };
    const { stdout } = await commandLine(options, { program, stack: nowhere, module: folder.path, folder }).run('version', ['-json']);
    return parseOutput(versionDocument, stdout, `${program} version`).terraform_version;
  });

  /** Plans into a private file, which is removed whatever happens. */
  const planned = async <T>(
    { folder, command }: Session,
    request: StackRequest,
    use: (file: string, plan: PlanDocument) => Promise<T>,
  ): Promise<T> => {
    const file = join(folder.path, `${crypto.randomUUID()}.tfplan`);
    try {
      await folder.withFile(`${crypto.randomUUID()}.tfvars.json`, JSON.stringify(request.variables), (variables) =>
        command.stream('plan', [
          '-input=false',
          '-json',
          '-lock=false',
          `-out=${file}`,
          `-var-file=${variables}`,
          ...(request.destroy ? ['-destroy'] : []),
        ]),
      );
      const { stdout } = await command.run('show', ['-json', file]);
      return await use(file, parseOutput(planDocument, stdout, `${program} show`));
    } finally {
      await rm(file, { force: true });
    }
  };

  const lock = async (stack: StackRef, again = false): Promise<LockHolder | null> => {
    const { command, cache } = await session(stack);
    const probe = ['-no-color', '-allow-missing', '-lock-timeout=3s', PROBED_ADDRESS];
    const result = await marked(cache, (watch) => command.attempt('untaint', probe, watch));
    if (result.code === 0) {
      await cache.sweep();
      return null;
    }
    const found = lockIn(`${result.stdout}\n${result.stderr}`);
    // Held when it was wanted, given back when it was to be read: the next look finds it free.
    if (found === null && !again && HELD_WITHOUT_HOLDER.test(result.stderr)) return lock(stack, true);
    if (found === null) throw command.failure('untaint', result);
    const holder = holderOf(found, await cache.markers(), environment.EKS_DR_BREAK_LOCK);
    if (again || holder !== 'own-dead' || found.operation !== PROBE_OPERATION) return { ...found, holder };
    // A look of ours that was killed changed nothing; a killed untaint saved its whole change or nothing. What they took is given back here.
    log.info(`freeing the lock that a killed command of ours left on the state ${stack.stateKey}`);
    await command.run('force-unlock', ['-force', found.id]);
    return lock(stack, true);
  };

  return {
    version,
    lock: (stack) => lock(stack),
    variables: stackVariables(estate, run),
    runOf: (stack) => (stack.stateKey === stateKeyOf(estate, run) ? run.id : null),
    async reachBackend(stack) {
      await session(stack);
    },
    async validate(stack) {
      // Without a backend the providers are fetched once more: only where there is no other way.
      const { command } = await session(stack).catch(() => withoutBackend(key(stack)));
      const { stdout } = await command.attempt('validate', ['-json', '-no-color']);
      return problemsOf(parseOutput(validationDocument, stdout, `${program} validate`));
    },
    async hasLockFile(stack) {
      return hasLockFile(await moduleFolder(estateFolder, stack.directory));
    },
    async plan(stack, request) {
      return planned(await session(stack), request, async (_file, plan) => plan);
    },
    async apply(stack, request, check) {
      const opened = await session(stack);
      await planned(opened, request, async (file, plan) => {
        await check(plan);
        await applyFile(opened, file, log);
      });
    },
    async outputs(stack) {
      const { command } = await session(stack);
      const { stdout } = await command.run('output', ['-json', '-no-color']);
      return parseOutput(outputsDocument, stdout, `${program} output`);
    },
    async resources(stack) {
      const { command } = await session(stack);
      const { stdout } = await command.run('show', ['-json', '-no-color']);
      const { values } = parseOutput(stateDocument, stdout, `${program} show`);
      return values === undefined ? [] : heldIn(values.root_module);
    },
    async untaint(stack, address) {
      const { command, cache } = await session(stack);
      await marked(cache, (watch) => command.run('untaint', ['-no-color', `-lock-timeout=${LOCK_TIMEOUT}`, address], watch));
    },
    async unlock(stack, lockId) {
      const held = await lock(stack);
      if (held === null) return;
      if (held.id !== lockId || held.holder !== 'own-dead') throw lockConflict(stack.stateKey, held);
      const { command, cache } = await session(stack);
      await command.run('force-unlock', ['-force', lockId]);
      await cache.sweep();
    },
  };
}

/** Applies a plan file. Whatever state Terraform could not save is put in safety before the error leaves. */
async function applyFile({ cache, command, module }: Session, file: string, log: Log): Promise<void> {
  try {
    await marked(cache, (watch) => command.stream('apply', ['-input=false', '-json', `-lock-timeout=${LOCK_TIMEOUT}`, file], watch));
  } finally {
    const safe = await cache.rescue(module);
    if (safe !== null)
      log.error(`Terraform could not save its state to the backend; it is kept in ${safe} and pushed before anything else is done.`);
  }
}

/** Runs what takes the lock of the state, so that a lock it leaves behind when it is killed can be told from anyone else's. */
async function marked<T>(cache: StackCache, work: (watch: Watch) => Promise<T>): Promise<T> {
  const mark = await cache.mark();
  try {
    return await work(mark);
  } finally {
    await mark.done();
  }
}

/**
 * Saves what an earlier command could not, before anything is planned: the state in the backend lacks what was made. Kept when it fails: a
 * state is never thrown away unsaved. Whatever kept Terraform from saving its state may have kept it from freeing its lock, too: under that
 * lock, which is still its own, the state is pushed as it would have been then.
 */
async function pushRescued(
  { cache, command }: Session,
  options: { readonly log: Log; readonly confirmed: string | undefined },
): Promise<void> {
  for (const file of await cache.rescued()) {
    options.log.warn(`Pushing the Terraform state that could not be saved before: ${file}`);
    const pushed = await marked(cache, (watch) => command.attempt('state push', [`-lock-timeout=${LOCK_TIMEOUT}`, file], watch));
    if (pushed.code !== 0) {
      const found = lockIn(`${pushed.stdout}\n${pushed.stderr}`);
      const own = found !== null && holderOf(found, await cache.markers(), options.confirmed) === 'own-dead';
      if (!own) throw command.failure('state push', pushed);
      await command.run('state push', ['-lock=false', file]);
    }
    await rm(file);
  }
}

/** Deposed objects are left out: they only wait to be destroyed. */
function heldIn({ resources, child_modules }: z.infer<typeof stateModule>): HeldResource[] {
  const managed = resources.filter(({ mode, deposed_key }) => mode === 'managed' && deposed_key === undefined);
  const here = managed.map(({ address, type, values, tainted, depends_on: dependsOn }) => ({ address, type, values, tainted, dependsOn }));
  return [...here, ...child_modules.flatMap(heldIn)];
}

function stackFrom(key: string): StackRef {
  const [directory, stateKey] = z.tuple([z.string(), z.string()]).parse(JSON.parse(key));
  return { directory, stateKey, region: '' };
}

function problemsOf(document: z.infer<typeof validationDocument>): ValidationProblem[] {
  return document.diagnostics.map(({ severity, summary, detail, range }) => ({
    severity,
    message: detail === '' ? summary : `${summary}: ${detail}`,
    where: range === undefined || range === null ? null : `${range.filename}:${range.start.line}`,
  }));
}
