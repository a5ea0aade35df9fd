import { compareText } from '../kit/text.ts';
import type { Inventory } from './inventory.ts';
import type { Parts } from './parts.ts';

/** An inventory taken apart again: the value of each of its parts. */
export function archivedValues({ services, withoutTemplate, argocd, ...rest }: Inventory): Parts {
  const applications = [...services.map(({ file: _file, ...application }) => application), ...withoutTemplate];
  return {
    ...rest,
    applications: { applications: applications.toSorted((a, b) => compareText(a.name, b.name)), clusters: argocd.clusters },
  };
}
