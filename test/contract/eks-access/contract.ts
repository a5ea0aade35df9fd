import { defineContract } from '../contract.ts';
import { ministackAws, sandboxAws } from '../subjects/aws.ts';
import { ifOpened } from '../subjects/if-opened.ts';
import { associations } from './associations.ts';
import { entries } from './entries.ts';
import { entryValidation } from './entry-validation.ts';
import { podIdentities } from './pod-identities.ts';
import { type EksAccess, openedAccess } from './subject.ts';

export const eksAccess = defineContract<EksAccess>({
  system: 'EKS access entries and pod identities',
  sandbox: async () => openedAccess(await sandboxAws()),
  referees: { ministack: async (running) => ifOpened(await ministackAws(running), openedAccess) },
  assertions: [...entries, ...entryValidation, ...associations, ...podIdentities],
});
