import { defineContract } from '../contract.ts';
import { ministackAws, motoAws, sandboxAws } from '../subjects/aws.ts';
import { ifOpened } from '../subjects/if-opened.ts';
import { balancers } from './balancers.ts';
import { deletion } from './deletion.ts';
import { openedByApi } from './made-by-api.ts';
import { openedInWorld } from './made-in-world.ts';
import type { Elb } from './subject.ts';
import { tags } from './tags.ts';
import { targets } from './targets.ts';

export const elb = defineContract<Elb>({
  system: 'Elastic Load Balancing v2',
  sandbox: async () => openedInWorld(await sandboxAws()),
  referees: {
    ministack: async (running) => ifOpened(await ministackAws(running), openedByApi),
    moto: async (running) => ifOpened(await motoAws(running), openedByApi),
  },
  assertions: [...balancers, ...targets, ...tags, ...deletion],
});
