import { join } from 'node:path';
import { loadEstate } from '../../pipeline/estate/load.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import { steps } from '../../steps/index.ts';
import type { Run } from '../../steps/kit/run.ts';

/** The example estate, and a drill of it. */
export async function benchDrill(root: string): Promise<{ readonly estate: Estate; readonly run: Run }> {
  const { estate } = await loadEstate(
    join(root, 'examples', 'shop', 'eks-dr.yaml'),
    steps.map(({ id }) => id),
  );
  const at = new Date().toISOString();
  const run: Run = {
    id: 'drill-bench',
    mode: 'drill',
    target: Object.keys(estate.targets)[0] ?? '',
    reason: 'to measure',
    incidentAt: at,
    startedAt: at,
    startedBy: 'bench',
    services: 'all',
    waivers: [],
  };
  return { estate, run };
}
