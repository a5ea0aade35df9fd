import * as z from 'zod';

/** What a person accepted on the night: this service may stay unhealthy. */
export const waiver = z.strictObject({
  service: z.string().min(1),
  reason: z.string().min(1),
  by: z.string().min(1),
});

/** What a person accepted on the way back: users are sent to the primary's load balancers although they do not look healthy. */
export const primaryAccepted = z.strictObject({ reason: z.string().min(1), by: z.string().min(1) });

/**
 * One recovery, drill or preparation: `run.json`. Written once when the run starts; only `waivers` may grow, and an undo says what is accepted
 * of the primary, and whether the new cluster is gone.
 */
export const run = z.strictObject({
  /** Names the run everywhere: in tags, branches, file names. */
  id: z.string().regex(/^[a-z][a-z0-9-]{2,38}[a-z0-9]$/, 'must be 4 to 40 of a-z, 0-9 and -, starting with a letter'),
  /** `prepare`: ahead of time, what a recovery could only write by a control plane that may be what is down. */
  mode: z.enum(['drill', 'recover', 'prepare']),
  /** A key of `targets` in the estate. */
  target: z.string().min(1),
  reason: z.string(),
  /** When the primary was lost: the RTO clock starts here. ISO 8601. */
  incidentAt: z.iso.datetime(),
  startedAt: z.iso.datetime(),
  startedBy: z.string().min(1),
  /** Where people can watch it: the page of its build. */
  url: z.url().optional(),
  /** `all`, or the names of the services to recover. */
  services: z.union([z.literal('all'), z.array(z.string().min(1)).min(1)]),
  waivers: z.array(waiver),
  unhealthyPrimary: primaryAccepted.optional(),
  /** Somebody said, for the undo, that the new cluster answers no more: what lies in it counts as gone. */
  clusterGone: z.strictObject({ by: z.string().min(1), at: z.iso.datetime() }).optional(),
});

export type Run = z.infer<typeof run>;
export type Waiver = z.infer<typeof waiver>;
