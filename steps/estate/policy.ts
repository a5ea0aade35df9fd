import * as z from 'zod';
import { hostName, minutes, seconds } from './common.ts';

const hostedZone = z.strictObject({
  id: z.string().regex(/^Z[A-Z0-9]{1,31}$/, 'must be a hosted zone id such as Z0123456789ABC'),
  name: hostName,
});

/** Tier policy: how many services of a tier must be healthy. */
const tier = z.strictObject({
  name: z.string().min(1),
  require: z
    .union([z.literal('all'), z.string().regex(/^(100|[1-9]?\d)%$/, 'must be all, or a share such as 95%')])
    .default('all')
    .describe('`all`, or a share such as 95%.'),
});

export const services = z.strictObject({
  tierLabel: z.string().min(1).default('tier').describe('The label on an Argo CD application that names its tier.'),
  tiers: z.array(tier).min(1).describe('Most critical first. A service without a known tier counts to the last one.'),
  settleSeconds: seconds.default(30).describe('How long a service must stay healthy.'),
  limitMinutes: minutes.default(20),
});

export const route53 = z
  .strictObject({
    zones: z.array(hostedZone).default([]).describe('The production zones whose records point at load balancers.'),
    timeToLiveSeconds: seconds.default(60).describe('How long old answers may live on after the switch.'),
  })
  .prefault({});

/** What a drill may do. Services run only where this says so. */
export const drill = z
  .strictObject({
    services: z
      .union([
        z.enum(['none', 'all']),
        z.strictObject({
          tiers: z.array(z.string().min(1)).default([]),
          names: z.array(z.string().min(1)).default([]),
          except: z.array(z.string().min(1)).default([]),
        }),
      ])
      .default('none')
      .describe('Which services may run in a drill: none, all, or a selection. Nothing runs unasked.'),
    helmParameters: z
      .record(z.string(), z.string())
      .default({})
      .describe('Helm parameters set on every service of a drill, such as replicaCount.'),
    zones: z
      .array(hostedZone)
      .default([])
      .describe('The drill zones: copies of production records, tagged eks-dr:scope=drill. Only these are switched in a drill.'),
  })
  .prefault({});

const approvalMode = z.enum(['ask', 'auto-if-create-only', 'auto']);

const approvalRule = z.strictObject({
  mode: approvalMode.optional().describe('ask: always. auto-if-create-only: ask when something is changed or deleted. auto: never ask.'),
  approvers: z.array(z.string().min(1)).optional().describe('Who may approve: users or groups. Empty: whoever may run the job.'),
  timeoutMinutes: minutes.optional(),
  notTheStarter: z.boolean().optional().describe('Whether the person who started the run may not approve.'),
});

export const approvals = z
  .strictObject({
    default: approvalRule.prefault({}),
    drill: approvalRule.prefault({}).describe('Wins over `default` in drills.'),
    steps: z.record(z.string(), approvalRule).default({}).describe('Per step id; wins over both.'),
  })
  .prefault({});

export const rto = z.strictObject({ targetMinutes: minutes.default(30) }).prefault({});

export type HostedZone = z.infer<typeof hostedZone>;
