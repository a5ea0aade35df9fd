import { readFileSync } from 'node:fs';
import { parseEstate } from '../../../pipeline/estate/load.ts';
import type { JenkinsStep } from '../../../pipeline/jenkins/steps.ts';
import type { Estate } from '../../../steps/estate/estate.ts';
import { exampleFile } from '../estate/example.ts';

/** A step with the names of those it needs; without `changes` it is read-only. */
export function fakeStep(
  id: string,
  needs: readonly string[],
  options: Partial<JenkinsStep> & { readonly changes?: boolean } = {},
): JenkinsStep {
  const { changes = true, ...rest } = options;
  return {
    id,
    title: `Title of ${id}`,
    needs: Object.fromEntries(needs.map((need) => [need, { id: need }])),
    drivers: changes ? ['a driver'] : [],
    ...rest,
  };
}

/** The shape of the real graph. */
export const exampleSteps: readonly JenkinsStep[] = [
  fakeStep('take-inventory', [], { changes: false }),
  fakeStep('preflight', ['take-inventory'], { changes: false }),
  fakeStep('create-cluster', [], { after: [{ id: 'preflight' }] }),
  fakeStep('connect-cluster', ['create-cluster']),
  fakeStep('register-argocd', ['connect-cluster']),
  fakeStep('prepare-namespaces', ['connect-cluster', 'take-inventory']),
  fakeStep('open-merge-request', ['take-inventory'], { after: [{ id: 'preflight' }] }),
  fakeStep('merge-deploy', ['open-merge-request', 'register-argocd'], { after: [{ id: 'prepare-namespaces' }] }),
  fakeStep('await-services', ['merge-deploy'], { changes: false }),
  fakeStep('verify-services', ['await-services'], { changes: false }),
  fakeStep('switch-route53', ['verify-services']),
  fakeStep('report', ['switch-route53'], { changes: false }),
];

export const exampleText = readFileSync(exampleFile, 'utf8');

export function exampleEstate(): Estate {
  return parseEstate(
    exampleText,
    'eks-dr.yaml',
    exampleSteps.map(({ id }) => id),
  );
}
