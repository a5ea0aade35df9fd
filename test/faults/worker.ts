import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordStages } from '../stages/record-stages.ts';
import type { Speed } from '../stages/served-world.ts';
import type { Turn } from '../stages/step-turn.ts';
import type { Share } from '../stages/workers.ts';
import { caseText, faultCases, workerOf } from './cases.ts';
import { faultList } from './fault-list.ts';
import { type FaultResult, play } from './play-case.ts';

export interface FaultWish {
  /** Every fault at every operation, instead of some of them in turn. */
  readonly all: boolean;
  /** Only cases whose text holds this. */
  readonly only: string;
}

/** What a worker tells, a line each: the stages that it recorded, then what became of its cases. */
export type FaultLine = { readonly stage: Turn & { readonly requests: number } } | { readonly result: FaultResult };

const root = join(import.meta.dirname, '..', '..');
const speed: Speed = { steps: 40, remote: 600 };

// A recorded world comes back under its own ports, since records and objects hold addresses: so each worker has a recording of its own.
await work(JSON.parse(process.argv[2] ?? '') as Share<FaultWish>);

async function work({ index, of, wish }: Share<FaultWish>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'eks-dr-faults-'));
  const faults = faultList(speed.remote);
  try {
    const stages = await recordStages({ folder: join(folder, 'stages'), world: 'small', speed, root });
    for (const { step, direction, requests } of stages) tell({ stage: { step, direction, requests: requests.length } });
    const cases = faultCases(stages, wish.all).filter((each) => workerOf(each, of) === index && caseText(each).includes(wish.only));
    for (const [position, each] of cases.entries()) {
      const stage = stages.find((candidate) => candidate.folder === each.folder);
      const fault = faults.find(({ name }) => name === each.fault);
      if (stage === undefined || fault === undefined) throw new Error(`no stage or no fault for ${caseText(each)}`);
      const options = { folder: join(folder, `case-${position}`), root, speed };
      tell({ result: await play(each, fault, stage, options) });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function tell(line: FaultLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
