import { EksDrError } from '../kit/errors.ts';
import type { Json } from '../kit/json.ts';
import type { PlanDocument } from './terraform-types.ts';

/** Refuses values that the module does not take, and secrets that would stand in a plan. Terraform itself would only warn. */
export function refuseBadVariables(plan: PlanDocument, given: Readonly<Record<string, Json>>): void {
  const declared = plan.configuration.root_module.variables;
  const unknown = Object.keys(given).filter((name) => declared[name] === undefined);
  if (unknown.length > 0) {
    throw new EksDrError('input-invalid', {
      message: `The Terraform module declares no variable ${unknown.join(', ')}.`,
      target: 'terraform.variables',
      remedy:
        'Declare the variable in the module, or correct terraform.variables, terraform.variableNames or the variables of the target in the estate.',
    });
  }
  const sensitive = Object.keys(given).filter((name) => declared[name]?.sensitive === true);
  if (sensitive.length === 0) return;
  throw new EksDrError('input-invalid', {
    message: `The Terraform variable ${sensitive.join(', ')} is declared sensitive, but the estate holds its value in clear.`,
    target: 'terraform.variables',
    remedy: `Take it out of the estate and give it in the environment as TF_VAR_${sensitive[0]}.`,
  });
}
