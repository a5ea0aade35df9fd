import { defineContract } from '../contract.ts';
import { ministackAws, motoAws, sandboxAws } from '../subjects/aws.ts';
import { type Eks, openedEks } from '../subjects/eks.ts';
import { ifOpened } from '../subjects/if-opened.ts';
import { clusterLife } from './cluster-life.ts';
import { clusterReads } from './cluster-reads.ts';
import { clusterValidation } from './cluster-validation.ts';
import { parts } from './parts.ts';
import { tags } from './tags.ts';

export const eks = defineContract<Eks>({
  system: 'EKS',
  sandbox: async () => openedEks(await sandboxAws()),
  referees: {
    ministack: async (running) => ifOpened(await ministackAws(running), openedEks),
    moto: async (running) => ifOpened(await motoAws(running), openedEks),
  },
  assertions: [...clusterReads, ...clusterLife, ...clusterValidation, ...parts, ...tags],
});
