import type { Owner } from '../kit/resource.ts';
import { RUN_LABEL } from '../naming.ts';

/** Whose an Argo CD object is: the run's whose label it carries. */
export function ownerByLabel(what: string, object: { readonly labels: Readonly<Record<string, string>> } | undefined): Owner {
  if (object === undefined) return { kind: 'nobody' };
  const run = object.labels[RUN_LABEL];
  return run === undefined ? { kind: 'other', detail: `${what} has no label ${RUN_LABEL}` } : { kind: 'run', run };
}

/** The labels of an object with its run's, and without any run's where it is none's. */
export function labelledBy(run: string | null, labels: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { [RUN_LABEL]: _run, ...others } = labels;
  return run === null ? others : { ...others, [RUN_LABEL]: run };
}
