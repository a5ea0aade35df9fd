import * as z from 'zod';
import type { Documents } from '../../steps/kit/documents.ts';
import { EksDrError } from '../../steps/kit/errors.ts';
import { isDone, type StepRecord } from '../../steps/kit/record.ts';
import { takesPart } from '../../steps/kit/step.ts';
import type { Step } from '../../steps/step.ts';

/** What the estate must call the recovered cluster. */
export interface Recovered {
  readonly region: string;
  readonly accountId: string;
  readonly cluster: string;
  readonly argocd: { readonly name: string; readonly server: string };
  /** The folder with its templates. */
  readonly templates: string;
  /** Null: the estate has no Vault. */
  readonly vaultMount: string | null;
}

const shapes = {
  'create-cluster': z.object({ cluster: z.string(), region: z.string(), accountId: z.string() }),
  'register-argocd': z.object({ name: z.string(), server: z.string() }),
  'open-merge-request': z.object({ folder: z.string() }),
  'configure-vault': z.object({ vault: z.object({ mount: z.string() }).nullable() }),
};

/** Reads from the records what was recovered. Throws for a drill, and for a run of which a step is missing, failed or undone. */
export function recoveredBy({ run, records }: Pick<Documents, 'run' | 'records'>, steps: readonly Step[]): Recovered {
  if (run.mode !== 'recover') {
    throw new EksDrError('bad-usage', {
      message: `${run.id} is no recovery: only a recovered cluster can become the primary.`,
      target: '--run',
      remedy: 'Name the folder of a recovery.',
    });
  }
  const open = steps.filter((step) => takesPart(step, 'recover')).flatMap(({ id }) => openStep(id, records[id]) ?? []);
  if (open.length > 0) {
    throw new EksDrError('record-not-ok', {
      message: `${run.id} did not come to its end, or was taken back: ${open.join(', ')}.`,
      target: run.id,
      remedy: 'Go on with the run until every step ends ok, then promote it.',
    });
  }
  const outputsOf = <K extends keyof typeof shapes>(step: K) => shapes[step].parse(records[step]?.outputs) as z.infer<(typeof shapes)[K]>;
  return {
    ...outputsOf('create-cluster'),
    argocd: outputsOf('register-argocd'),
    templates: outputsOf('open-merge-request').folder,
    vaultMount: outputsOf('configure-vault').vault?.mount ?? null,
  };
}

function openStep(id: string, record: StepRecord | undefined): string | null {
  if (record === undefined) return `${id} did not run`;
  if (isDone(record)) return null;
  return `${id} ${record.direction === 'undo' ? 'was undone, or its undo was begun' : `is ${record.status}`}`;
}
