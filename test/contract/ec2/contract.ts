import { defineContract } from '../contract.ts';
import { motoAws, sandboxAws } from '../subjects/aws.ts';
import { ifOpened } from '../subjects/if-opened.ts';
import { groups } from './groups.ts';
import { networks } from './networks.ts';
import { reads } from './reads.ts';
import { ruleReads } from './rule-reads.ts';
import { rules } from './rules.ts';
import { type Ec2, openedEc2 } from './subject.ts';
import { tags } from './tags.ts';

export const ec2 = defineContract<Ec2>({
  system: 'EC2',
  sandbox: async () => openedEc2(await sandboxAws()),
  referees: { moto: async (running) => ifOpened(await motoAws(running), openedEc2) },
  assertions: [...networks, ...groups, ...rules, ...ruleReads, ...tags, ...reads],
});
