import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { applyPhase } from '../../../../../steps/kit/apply-phase.ts';
import { approvalFile, readDocuments } from '../../../../../steps/kit/documents.ts';
import { createSink } from '../../../../../steps/kit/input.ts';
import type { Direction } from '../../../../../steps/kit/plan.ts';
import { planPhase } from '../../../../../steps/kit/plan-phase.ts';
import type { StepRecord } from '../../../../../steps/kit/record.ts';
import type { Description } from '../../../../../steps/kit/resource.ts';
import type { StepSpec } from '../../../../../steps/kit/step.ts';
import { silentLog } from '../../memory-world.ts';
import { type ModelClients, modelDrivers, modelSecrets } from './drivers.ts';
import { type Life, live, type Outcome } from './process.ts';
import { pause } from './waits.ts';
import { type ModelWorld, RUN } from './world.ts';

interface Settings {
  readonly description: Description;
}

const STEP = 'build';

const build: StepSpec<Settings, ModelClients, Record<never, never>, 'description', { count: number }> = {
  id: STEP,
  title: 'Build',
  needs: {},
  reads: ['description'],
  outputs: z.object({ count: z.number() }),
  drivers: modelDrivers,
  waits: [pause],
  checks: [],
  describe: ({ estate }) => estate.description,
  finish: ({ estate }) => ({ count: estate.description.length }),
};

/** The run of one step, with its documents in a folder, as the compiled step has them. */
export interface RunFolder {
  readonly folder: string;
  /** From now on the estate asks for this. */
  ask(description: Description): void;
  plan(direction: Direction, life: PhaseLife): Promise<Outcome<StepRecord>>;
  approve(): Promise<void>;
  apply(direction: Direction, life: PhaseLife): Promise<Outcome<StepRecord>>;
  texts(): Promise<Record<string, string>>;
}

type PhaseLife = Omit<Life, 'direction' | 'mode'>;

export async function createRunFolder(world: ModelWorld, mode: Life['mode']): Promise<RunFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'eks-dr-phases-'));
  await mkdir(folder, { recursive: true });
  const at = '2026-01-05T09:00:00.000Z';
  const run = { id: RUN, mode, target: 't', reason: '', incidentAt: at, startedAt: at, startedBy: 'ada', services: 'all', waivers: [] };
  await writeFile(join(folder, 'run.json'), JSON.stringify(run));
  await writeFile(join(folder, 'estate.json'), '{}');
  let settings: Settings = { description: [] };

  async function phase(which: typeof planPhase, direction: Direction, life: PhaseLife): Promise<Outcome<StepRecord>> {
    const documents = await readDocuments(folder);
    const command = { phase: 'plan', direction, in: folder, out: undefined, logFormat: 'text', verbose: false } as const;
    const sink = await createSink(command, STEP);
    const items = which === applyPhase ? (documents.plans.at(-1)?.items ?? []) : null;
    return live(world, { ...life, mode, direction }, items, ({ clients, clock, signal }) =>
      which(
        {
          step: build as never,
          direction,
          documents,
          estate: settings as Settings & Record<string, unknown>,
          clients,
          clock,
          log: silentLog,
          signal,
          secrets: modelSecrets,
          approvalRule: { mode: 'ask', approvers: [], timeoutMinutes: 5, notTheStarter: false },
          allSteps: async () => [],
          tool: 'eks-dr test',
        },
        sink,
      ),
    );
  }

  return {
    folder,
    ask(description) {
      settings = { description };
    },
    async plan(direction, life) {
      await world.clock.sleep(world.lag + 1);
      return phase(planPhase, direction, life);
    },
    async approve() {
      const plan = (await readDocuments(folder)).plans.at(-1);
      if (plan === undefined) throw new Error('there is no plan');
      const { attempt, digest } = plan;
      const approval = { schema: 1, run: RUN, step: STEP, attempt, digest, decision: 'approved', by: 'grace', at, via: 'test' };
      await writeFile(join(folder, approvalFile(STEP)), JSON.stringify(approval));
    },
    apply: (direction, life) => phase(applyPhase, direction, life),
    async texts() {
      const names = await readdir(folder);
      return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')])));
    },
  };
}
