import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { build } from 'esbuild';
import type { Decide } from '../../../pipeline/approval/decide.ts';
import type { GraphStep } from '../../../pipeline/graph.ts';
import type { OpenRun } from '../../../pipeline/runner/open-run.ts';
import { openRun } from '../../../pipeline/runner/open-run.ts';
import { type StepResult, walkRun } from '../../../pipeline/runner/run.ts';
import { createScreen } from '../../../pipeline/runner/screen.ts';
import type { RunnableStep } from '../../../pipeline/runner/turn.ts';
import { exampleFile } from '../estate/example.ts';

/** How a step script shall behave in one phase. */
export type Behaviour =
  /** Plans or applies well. `changes`: how many its plan has. */
  | { readonly do: 'ok' }
  | { readonly do: 'fail'; readonly code: string; readonly category: string; readonly status: number }
  /** Refuses its input, as the kit does: a word on stderr, no new record. */
  | { readonly do: 'refuse'; readonly status: number }
  | { readonly do: 'crash' }
  /** Writes `<step>.waiting`, goes on when it gets SIGTERM (interrupted) or finds `<step>.go` (ok). */
  | { readonly do: 'wait' };

export interface FakeStep extends GraphStep, RunnableStep {
  readonly plan?: Behaviour;
  readonly apply?: Behaviour;
  readonly changes?: number;
}

export function fakeStep(
  id: string,
  after: readonly string[] = [],
  more: Partial<Pick<FakeStep, 'plan' | 'apply' | 'changes' | 'drivers'>> = {},
): FakeStep {
  const drivers = [{ kind: 'note', noun: 'Note', label: (noteId: Readonly<Record<string, string>>) => noteId.name ?? '' }];
  return { id, title: `Do ${id}`, needs: {}, after: after.map((other) => ({ id: other })), drivers, ...more };
}

/** What a fake step needs of the kit, as plain JavaScript: a step that must be compiled first starts slowly. */
async function compileKit(file: string): Promise<void> {
  const contents = "export { sealRecord } from './record.ts'; export { changesOf, countVerbs, planDigest } from './plan.ts';";
  const resolveDir = join(import.meta.dirname, '../../../steps/kit');
  await build({
    stdin: { contents, resolveDir, loader: 'ts' },
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
}

/** A place with compiled fake steps, an estate and a run folder. Each call of a step is noted in `calls.log`. */
export interface FakePlace {
  readonly root: string;
  readonly folder: string;
  open(): Promise<OpenRun>;
  write(steps: readonly FakeStep[]): Promise<void>;
  walk(
    steps: readonly FakeStep[],
    more?: { decide?: Decide; direction?: 'forward' | 'undo'; until?: string; planOnly?: boolean },
  ): Promise<WalkedSteps>;
  calls(): Promise<string[]>;
  remove(): Promise<void>;
}

export interface WalkedSteps {
  readonly results: readonly StepResult[];
  readonly screen: string;
}

/** A new place, or the one at `existing` once more. */
export async function fakePlace(existing?: string): Promise<FakePlace> {
  const root = existing ?? (await mkdtemp(join(tmpdir(), 'eks-dr-runner-')));
  const folder = join(root, 'run');
  const stepsFolder = join(root, 'steps');
  await mkdir(stepsFolder, { recursive: true });
  await writeFile(join(root, 'package.json'), '{ "type": "module" }');
  await compileKit(join(root, 'kit.js'));
  const open = () =>
    openRun({
      folder,
      estateFile: exampleFile,
      arguments: { mode: 'drill', target: undefined, reason: undefined, incidentAt: undefined, services: undefined, waivers: [] },
      user: 'ann',
      now: Date.now(),
      stepIds: ['switch-route53'],
    });
  const write = async (steps: readonly FakeStep[]): Promise<void> => {
    for (const step of steps) {
      const file = join(stepsFolder, `${step.id}.js`);
      await writeFile(file, scriptOf(step));
      await chmod(file, 0o755);
    }
  };
  return {
    root,
    folder,
    open,
    write,
    async walk(steps, { decide = approveEverything, direction = 'forward', until, planOnly } = {}) {
      await write(steps);
      const output = new PassThrough();
      const chunks: string[] = [];
      output.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
      const environment = { PATH: process.env.PATH };
      const screen = createScreen(output, {});
      const results = await walkRun({
        opened: await open(),
        steps,
        until,
        direction,
        planOnly,
        stepsFolder,
        environment,
        log: 'text',
        screen,
        decide,
      });
      return { results, screen: chunks.join('') };
    },
    calls: async () => (await readFile(join(folder, 'calls.log'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== ''),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

const approveEverything: Decide = async () => ({ by: 'ann', via: 'test' });

/** The source of a step that keeps the contract of a compiled one, with the kit's own record types, and no remote system. */
function scriptOf({ id, plan = { do: 'ok' }, apply = { do: 'ok' }, changes = 1 }: FakeStep): string {
  return `
import { appendFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changesOf, countVerbs, planDigest, sealRecord } from '../kit.js';
const id = ${JSON.stringify(id)};
const behaviours = ${JSON.stringify({ plan, apply })};
const [phase, ...args] = process.argv.slice(2);
const folder = args[args.indexOf('--in') + 1];
const direction = args.includes('--undo') ? 'undo' : 'forward';
const behaviour = behaviours[phase];
const run = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')).id;
const file = join(folder, id + '.record.json');
const previous = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
const attempts = readdirSync(folder).filter((name) => name.startsWith(id + '.') && name.endsWith('.plan.json')).length;
appendFileSync(join(folder, 'calls.log'), [id, phase, direction].join(' ') + '\\n');
process.stderr.write(new Date().toISOString() + ' info  ' + id + ': ' + phase + ' begins\\n');
const now = new Date().toISOString();
const base = {
  schema: 1, run, step: id, phase, direction, status: 'ok', plan: previous?.plan ?? null, approvalNeed: previous?.approvalNeed ?? null, approval: null,
  applied: previous?.applied ?? [], outputs: null, outputsDigest: 'none', needs: {}, estate: { parts: [], digest: 'none' }, error: null,
  timing: { startedAt: now, finishedAt: now, seconds: 1, completedAt: null }, attempt: attempts, tool: 'fake',
};
const save = (record) => writeFileSync(file, JSON.stringify(sealRecord(record)));
const fail = (code, category, status) => {
  save({ ...base, status: category === 'interrupted' ? 'interrupted' : 'failed', error: { code, category, message: id + ' says no.', remedy: 'Mend it.', target: null, also: [] } });
  process.exit(status);
};
if (behaviour.do === 'crash') process.kill(process.pid, 'SIGKILL');
if (behaviour.do === 'refuse') {
  process.stderr.write(id + ': refused: too old\\n  -> Look again.\\n');
  process.exit(behaviour.status);
}
if (behaviour.do === 'fail') fail(behaviour.code, behaviour.category, behaviour.status);
if (behaviour.do === 'wait') {
  process.on('SIGTERM', () => fail('interrupted', 'interrupted', 29));
  writeFileSync(join(folder, id + '.waiting'), '');
  while (!existsSync(join(folder, id + '.go'))) await new Promise((resolve) => setTimeout(resolve, 10));
}
if (phase === 'plan') {
  const applied = (previous?.applied ?? []).length > 0;
  const count = direction === 'undo' ? ${changes} : applied ? 0 : ${changes};
  const note = { text: 'hello' };
  const items = Array.from({ length: count }, (_, index) => ({
    kind: 'note', id: { name: id + '-' + index }, before: direction === 'undo' ? note : null, after: direction === 'undo' ? null : note,
  }));
  const plan = {
    schema: 1, run, step: id, attempt: attempts + 1, direction, items, digest: planDigest(items), changes: countVerbs(changesOf(items)),
    expectedSeconds: 0, digestKey: null, leftAlone: [], needs: {}, estate: { parts: [], digest: 'none' }, createdAt: now,
  };
  writeFileSync(join(folder, id + '.' + plan.attempt + '.plan.json'), JSON.stringify(plan));
  const approvalNeed = { mode: 'ask', required: count > 0, approvers: [], timeoutMinutes: 60, notTheStarter: false };
  save({ ...base, status: 'planned', plan, approvalNeed, attempt: plan.attempt });
} else {
  if (base.approvalNeed?.required) {
    const approval = JSON.parse(readFileSync(join(folder, id + '.approval.json'), 'utf8'));
    if (approval.digest !== base.plan.digest || approval.attempt !== base.plan.attempt) process.exit(21);
  }
  save({ ...base, applied: direction === 'undo' ? [] : [...new Set([...base.applied, ...(base.plan?.items.length > 0 ? [attempts] : [])])] });
}
`;
}
