import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type Estate, estate } from '../../steps/estate/estate.ts';
import type { Run } from '../../steps/kit/run.ts';
import type { Step } from '../../steps/step.ts';
import { exampleFile } from '../pipeline/estate/example.ts';
import { RUN } from './cluster.ts';
import type { Remote } from './remote.ts';

/** The example estate with parts replaced. */
export function estateWith(change: Partial<Estate> = {}): Estate {
  return { ...estate.parse(parse(readFileSync(exampleFile, 'utf8'))), ...change };
}

export function runWith(change: Partial<Run> = {}): Run {
  return {
    id: RUN,
    mode: 'drill',
    target: 'frankfurt',
    reason: 'test',
    incidentAt: '2026-01-05T09:00:00Z',
    startedAt: '2026-01-05T09:00:00Z',
    startedBy: 'tester',
    services: 'all',
    waivers: [],
    ...change,
  };
}

/** What `describe`, `finish` and checks are handed; the steps under test use none of the clients that a remote leaves out. */
export function contextOf<Needs>(remote: Remote, options: { readonly needs: Needs; readonly estate?: Estate; readonly run?: Run }) {
  const { clients } = remote;
  return {
    estate: options.estate ?? estateWith(),
    run: options.run ?? runWith(),
    clients: clients as never,
    clock: clients.clock,
    log: clients.log,
    signal: clients.signal,
    needs: options.needs as never,
    folder: { records: {}, plans: [] },
    allSteps: async (): Promise<readonly Step[]> => [],
  };
}
