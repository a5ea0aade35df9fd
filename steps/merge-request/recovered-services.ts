import { waveNumber, wavePrefix } from '../deploy/waves.ts';
import type { Estate } from '../estate/estate.ts';
import type { Run } from '../kit/run.ts';
import { recoveryProject } from '../naming.ts';
import { chooseServices } from '../rendering/choose-services.ts';
import { recoveredName } from '../rendering/recovered-name.ts';

interface InventoryService {
  readonly name: string;
  readonly project: string;
  readonly namespace: string;
  readonly tier: string;
  /** Path in Git, from the root of the project. */
  readonly file: string;
}

/** One service of the run as later steps know it. */
export interface RecoveredService {
  readonly name: string;
  readonly application: string;
  readonly project: string;
  readonly namespace: string;
  readonly tier: string;
  /** From 1; null where all start at once. */
  readonly wave: number | null;
  /** Where its template of the recovery stands in Git. */
  readonly file: string;
}

/** The chosen services with their names on the recovery cluster. */
export function recoveredServices(
  inventory: { readonly services: readonly InventoryService[]; readonly templates: { readonly folder: string } },
  where: { readonly cluster: string; readonly folder: string },
  run: Pick<Run, 'id' | 'mode' | 'services'>,
  estate: Pick<Estate, 'drill' | 'services'>,
): RecoveredService[] {
  const templates = inventory.templates.folder.replace(/\/+$/, '');
  return chooseServices(inventory.services, run, estate.drill).map((service) => {
    const wave = waveNumber(service, estate.services);
    const path = templates !== '' && service.file.startsWith(`${templates}/`) ? service.file.slice(templates.length + 1) : service.file;
    return {
      name: service.name,
      application: recoveredName(service.name, where.cluster),
      project: recoveryProject(service.project, run),
      namespace: service.namespace,
      tier: service.tier,
      wave,
      file: `${where.folder}/${wavePrefix(wave)}${path}`,
    };
  });
}
