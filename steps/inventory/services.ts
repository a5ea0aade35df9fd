import { generatedPath } from '../rendering/generators.ts';
import type { Inventory } from './inventory.ts';
import type { Parts } from './parts.ts';

/**
 * The services: each an application on the primary together with the file that defines it, or with its own manifest where something
 * generates it and the estate lets such ones be recovered as they are live.
 */
export function servicesOf(
  applications: Parts['applications']['applications'],
  { folder, files }: Pick<Parts['templates'], 'folder' | 'files'>,
): Pick<Inventory, 'services' | 'withoutTemplate'> {
  const services: Inventory['services'] = [];
  const withoutTemplate: Inventory['withoutTemplate'] = [];
  for (const { manifest, ...application } of applications) {
    const file = files[application.name];
    if (file !== undefined) services.push({ ...application, file });
    else if (manifest !== undefined) {
      const path = generatedPath(application.name);
      services.push({ ...application, manifest, file: folder === '' ? path : `${folder}/${path}` });
    } else withoutTemplate.push(application);
  }
  return { services, withoutTemplate };
}
