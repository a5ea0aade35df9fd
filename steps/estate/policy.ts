import * as z from 'zod';
import { customDomainName, gatewayApi } from './api-gateway.ts';
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

/** Services that start together, before those of the next wave. */
const wave = z.strictObject({
  tiers: z.array(z.string().min(1)).default([]).describe('Every service of these tiers.'),
  services: z.array(z.string().min(1)).default([]).describe('These services, whatever their tier.'),
});

const statuses = z.union([
  z.number().int().min(100).max(599),
  z.string().regex(/^([1-5]xx|[1-5]\d\d-[1-5]\d\d)$/, 'must be a status such as 200, a class such as 2xx, or a range such as 200-399'),
]);

/** A request through the new load balancer, as clients will make it once DNS is switched. */
export const probe = z.strictObject({
  name: z.string().min(1).describe('How it is called in logs and errors.'),
  host: hostName.describe('The host name that clients use: the Host header and, with https, the name that the certificate must be for.'),
  path: z
    .string()
    .regex(/^\/[\x21-\x7e]*$/, 'must start with / and hold no blanks')
    .default('/'),
  scheme: z.enum(['https', 'http']).default('https'),
  port: z.number().int().min(1).max(65_535).optional().describe('Of the load balancer; without it 443 with https, 80 with http.'),
  stack: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Which load balancer is asked: namespace/name of its Service or Ingress, or the name of its Ingress group. May be left out where the new cluster has only one.',
    ),
  expectStatus: z
    .union([statuses, z.array(statuses).min(1)])
    .default('200-399')
    .describe('The status of a good answer: a number, a class (2xx), a range (200-399), or a list of these. Redirects are not followed.'),
});

export const services = z.strictObject({
  tierLabel: z.string().min(1).default('tier').describe('The label on an Argo CD application that names its tier.'),
  tiers: z.array(tier).min(1).describe('Most critical first. A service without a known tier counts to the last one.'),
  waves: z
    .array(wave)
    .max(20)
    .default([])
    .describe(
      'The order in which services start: a wave once the one before is healthy as its tiers require. A service that no wave takes comes last. Empty: all start at once.',
    ),
  after: z
    .record(z.string().min(1), z.array(z.string().min(1)).min(1))
    .default({})
    .describe('Instead of `waves`: for a service the services that must be healthy before it starts, such as web: [session-store].'),
  settleSeconds: seconds.default(30).describe('How long a service must stay healthy.'),
  limitMinutes: minutes.default(20).describe('How long the services, or each wave of them, may take until they are healthy.'),
  probes: z
    .array(probe)
    .default([])
    .describe(
      'HTTP requests that the new load balancers must answer before DNS is switched. They are sent from where the step runs: internal load balancers must be within its reach.',
    ),
});

export const route53 = z
  .strictObject({
    zones: z.array(hostedZone).default([]).describe('The production zones whose records point at load balancers.'),
    timeToLiveSeconds: seconds.default(60).describe('How long old answers may live on after the switch.'),
  })
  .prefault({});

const distributionId = z.string().regex(/^E[A-Z0-9]{7,31}$/, 'must be the id of a distribution such as E1PA6795UKMFR9');

export const cloudfront = z
  .strictObject({
    distributions: z
      .union([z.literal('all'), z.array(distributionId)])
      .default([])
      .describe(
        'The distributions whose origins lead to load balancers: `all` of the account but those of drills, or a list of ids. Staging distributions are never touched.',
      ),
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
    keepHours: z
      .number()
      .int()
      .min(1)
      .max(336)
      .default(24)
      .describe('How long a drill may stand. What is older counts as forgotten: preflight warns of it.'),
    zones: z
      .array(hostedZone)
      .default([])
      .describe('The drill zones: copies of production records, tagged eks-dr:scope=drill. Only these are switched in a drill.'),
    apis: z
      .array(gatewayApi)
      .default([])
      .describe('Copies of production APIs, tagged eks-dr:scope=drill. Only these are switched in a drill.'),
    domains: z
      .array(customDomainName)
      .default([])
      .describe('Custom domain names for drills, whose records lie in the drill zones. Only these are switched in a drill.'),
    distributions: z
      .array(distributionId)
      .default([])
      .describe('The drill distributions: copies of production ones, tagged eks-dr:scope=drill. Only these are switched in a drill.'),
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
export type HttpProbe = z.infer<typeof probe>;
