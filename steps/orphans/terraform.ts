import { stackOf } from '../clients/terraform-stack-ref.ts';
import type { Search } from './search.ts';

export const terraformSearch: Search = {
  system: 'Terraform',
  async search({ run, estate, clients }) {
    const stack = stackOf(estate, run);
    const terraform = await clients.terraform();
    const [resources, lock] = [await terraform.resources(stack), await terraform.lock(stack)];
    const where = `the state ${stack.stateKey}`;
    return [
      ...resources.map(({ address }) => ({ what: address, where, remove: 'eks-dr undo again, or terraform destroy with this state' })),
      ...(lock === null
        ? []
        : [{ what: `lock ${lock.id}`, where, remove: `terraform force-unlock ${lock.id}, once its holder has ended` }]),
    ];
  },
};
