import { defineContract } from '../contract.ts';
import { logins } from './logins.ts';
import { type EksLogin, realLogin, sandboxLogin } from './subject.ts';
import { tokens } from './tokens.ts';

export const eksLogin = defineContract<EksLogin>({
  system: 'EKS login',
  sandbox: sandboxLogin,
  referees: { kubernetes: realLogin },
  assertions: [...logins, ...tokens],
});
