import * as z from 'zod';
import { primaryAccepted, run } from '../kit/run.ts';

/** What became of the run: `ok` when every step did, `failed` when one failed, `incomplete` while some are still to come. */
const reportStatus = z.enum(['ok', 'failed', 'incomplete']);

const stepStatus = z.enum(['planned', 'applying', 'ok', 'failed', 'interrupted', 'undone', 'pending']);

const time = z.iso.datetime();

/** What the step leaves in the run folder: the document, and the same for people. */
export const REPORT_FILES = { document: 'report.json', text: 'report.txt' } as const;

/** `report.json`. Times are in the run's clock; durations in seconds. */
export const reportDocument = z.strictObject({
  schema: z.literal(1),
  run: z.strictObject({
    id: z.string(),
    mode: run.shape.mode,
    target: z.string(),
    reason: z.string(),
    incidentAt: time,
    startedAt: time,
    startedBy: z.string(),
  }),
  status: reportStatus,
  /** Null: the services were not awaited yet. */
  services: z
    .strictObject({
      total: z.int().nonnegative(),
      healthy: z.int().nonnegative(),
      failed: z.array(z.strictObject({ name: z.string(), tier: z.string(), reason: z.string() })),
      waived: z.array(z.strictObject({ name: z.string(), tier: z.string(), reason: z.string() })),
    })
    .nullable(),
  steps: z.array(
    z.strictObject({
      step: z.string(),
      status: stepStatus,
      /** Everything that this run's applied plans of the step changed, folded: a thing changed twice counts once. */
      changes: z.int().nonnegative(),
      created: z.int().nonnegative(),
      updated: z.int().nonnegative(),
      deleted: z.int().nonnegative(),
      startedAt: time.nullable(),
      completedAt: time.nullable(),
      seconds: z.number().nonnegative(),
      attempt: z.int().nonnegative(),
      error: z.string().nullable(),
    }),
  ),
  approvals: z.array(z.strictObject({ step: z.string(), attempt: z.int(), by: z.string(), at: time, via: z.string(), digest: z.string() })),
  waivers: z.array(z.strictObject({ service: z.string(), reason: z.string(), by: z.string() })),
  /** Why users were sent back to a primary that did not look healthy, and who said so; null: nobody did. */
  unhealthyPrimary: primaryAccepted.nullable(),
  /** What leads to the recovery cluster now: records of Route 53, origins of CloudFront, integrations of API Gateway. Null: none is switched yet. */
  switched: z
    .strictObject({ records: z.int().nonnegative(), origins: z.int().nonnegative(), integrations: z.int().nonnegative() })
    .nullable(),
  inventory: z.strictObject({ source: z.enum(['live', 'last-good', 'mixed']), takenAt: time }).nullable(),
  /** What became of the primary; left out where the estate asks for no fence, and in drills. */
  fence: z
    .strictObject({ primary: z.enum(['fenced', 'unreachable', 'gone']), reason: z.string().nullable(), podsLeft: z.int().nonnegative() })
    .optional(),
  rto: z.strictObject({
    targetSeconds: z.number().nonnegative(),
    /** From the incident to the end of the last step of the recovery; null while that is still to come. */
    actualSeconds: z.number().nonnegative().nullable(),
    /** Null while the actual time is not known. */
    met: z.boolean().nullable(),
  }),
});

export type Report = z.infer<typeof reportDocument>;
export type ReportStep = Report['steps'][number];
