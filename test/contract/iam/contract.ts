import { defineContract } from '../contract.ts';
import { attachments } from './attachments.ts';
import { documents } from './documents.ts';
import { policies } from './policies.ts';
import { providers, simulation } from './providers.ts';
import { roleTags } from './role-tags.ts';
import { roles } from './roles.ts';
import { type IamSubject, ministackIam, motoIam, sandboxIam } from './subjects.ts';

export const iam = defineContract<IamSubject>({
  system: 'IAM',
  sandbox: sandboxIam,
  referees: { ministack: ministackIam, moto: motoIam },
  assertions: [...roles, ...roleTags, ...documents, ...policies, ...attachments, ...providers, ...simulation],
});
