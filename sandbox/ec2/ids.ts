import { createHash } from 'node:crypto';
import type { Ec2State } from './state.ts';

/** An id in EC2's long form for what every region has from the start: the same in every world. */
export function stableEc2Id(prefix: string, seed: string): string {
  return `${prefix}-0${createHash('sha256').update(seed).digest('hex').slice(0, 16)}`;
}

/** A new id in EC2's long form: `vpc-0123456789abcdef0`. */
export function nextEc2Id(ec2: Ec2State, prefix: string): string {
  ec2.counter += 1;
  return stableEc2Id(prefix, `${prefix} ${ec2.counter}`);
}
