import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../../../pipeline/jenkins/state/parameters.ts';
import type { Estate } from '../../../../steps/estate/estate.ts';
import { formatJson } from '../../../../steps/kit/atomic-file.ts';
import { countVerbs, expectedSeconds, type Plan, planDigest } from '../../../../steps/kit/plan.ts';
import type { Change } from '../../../../steps/kit/resource.ts';
import type { Run } from '../../../../steps/kit/run.ts';
import { exampleEstate } from '../example.ts';

/** 2027-01-12, half past nine. */
export const NOW = Date.parse('2027-01-12T09:30:00Z');

export const drillRun: Run = {
  id: 'drill-20270112-093000',
  mode: 'drill',
  target: 'frankfurt',
  reason: 'drill',
  incidentAt: '2027-01-12T09:30:00.000Z',
  startedAt: '2027-01-12T09:30:00.000Z',
  startedBy: 'starter',
  services: 'all',
  waivers: [],
};

export const created: Change = { kind: 'route53.record', id: { zone: 'Z1', name: 'a.example.com' }, before: null, after: { type: 'A' } };

/** What a Jenkins agent gives to state.js: a workspace with dr-state/ and estate/, and the environment. */
export interface Workspace {
  readonly folder: string;
  readonly environment: Environment;
  write(name: string, value: unknown): Promise<void>;
  remove(): Promise<void>;
}

export async function makeWorkspace(environment: Environment, estate: Estate = exampleEstate()): Promise<Workspace> {
  const root = await mkdtemp(join(tmpdir(), 'eks-dr-state-'));
  const folder = join(root, 'dr-state');
  const estateFolder = join(root, 'estate');
  await mkdir(folder);
  await mkdir(estateFolder);
  await writeFile(join(estateFolder, 'estate.json'), formatJson(estate));
  return {
    folder,
    environment: { EKS_DR_ESTATE_FOLDER: estateFolder, BUILD_NUMBER: '7', ...environment },
    write: (name, value) => writeFile(join(folder, name), formatJson(value)),
    remove: () => rm(root, { recursive: true }),
  };
}

export function planOf(changes: readonly Change[], more: Partial<Plan> = {}): Plan {
  const items = [...changes];
  return {
    schema: 1,
    run: drillRun.id,
    step: 'switch-route53',
    attempt: 1,
    direction: 'forward',
    items,
    digest: planDigest(items),
    changes: { ...countVerbs(changes) },
    expectedSeconds: expectedSeconds(items),
    digestKey: null,
    leftAlone: [],
    needs: {},
    estate: { parts: [], digest: 'sha256:0' },
    createdAt: '2027-01-12T09:31:00.000Z',
    ...more,
  };
}

/** The workspace of a run that has begun. */
export async function begunWorkspace(environment: Environment, run: Run = drillRun, estate: Estate = exampleEstate()): Promise<Workspace> {
  const workspace = await makeWorkspace(environment, estate);
  await workspace.write('run.json', run);
  await workspace.write('estate.json', estate);
  return workspace;
}

export function estateWith(approvals: Partial<Estate['approvals']>): Estate {
  const estate = exampleEstate();
  return { ...estate, approvals: { default: {}, drill: {}, steps: {}, ...approvals } };
}
