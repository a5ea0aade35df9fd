import type { Json } from '../../../../steps/kit/json.ts';
import { terraformLock } from '../../../../steps/resources/terraform-lock.ts';
import { terraformStack } from '../../../../steps/resources/terraform-stack.ts';
import { terraformTaint } from '../../../../steps/resources/terraform-taint.ts';
import type { LawCase } from './case.ts';

const stacks: LawCase = {
  driver: terraformStack,
  referees: [],
  inTurn: true,
  async arrange({ clients, stack }) {
    const { variables } = await clients.terraform();
    // What Terraform would do can be read, what there is can't: its state is in a form of its own.
    return [{ id: { ...stack }, states: [{ desired: { variables } as Json, reads: null }], onlyOnce: true }];
  },
};

const locks: LawCase = {
  driver: terraformLock,
  referees: [],
  inTurn: true,
  async arrange({ lockStack, stack }) {
    return [{ id: { ...stack, lock: await lockStack() }, states: [{ desired: null }], oneWay: 'bug' }];
  },
};

const taints: LawCase = {
  driver: terraformTaint,
  referees: [],
  inTurn: true,
  async arrange({ taintStack, stack }) {
    return [{ id: { ...stack, address: await taintStack() }, states: [{ desired: { tainted: false } }], oneWay: 'bug' }];
  },
};

export const terraformCases: readonly LawCase[] = [stacks, locks, taints];
