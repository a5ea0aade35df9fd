import { defineContract } from '../contract.ts';
import { applying } from './applying.ts';
import { init } from './init.ts';
import { locks } from './locks.ts';
import { planning } from './planning.ts';
import { openedProgram } from './real.ts';
import { openedStandIn } from './stand-in.ts';
import { state } from './state.ts';
import type { Program } from './subject.ts';

export const terraform = defineContract<Program>({
  system: 'Terraform',
  sandbox: openedStandIn,
  referees: { terraform: openedProgram },
  assertions: [...init, ...planning, ...applying, ...state, ...locks],
});
