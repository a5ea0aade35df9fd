import type { Contract } from './contract.ts';
import { sts } from './sts/contract.ts';

/** Every contract, in the order of the page about them. */
export const contracts: readonly Contract[] = [sts];
