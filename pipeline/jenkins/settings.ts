import * as z from 'zod';

const itemName = z.string().regex(/^[A-Za-z0-9][\w.-]*$/, 'must be a Jenkins item name of letters, digits, _ . and -');

/** How the generated repository fits into one Jenkins. Everything has a default that works together. */
export const jenkinsSettings = z
  .strictObject({
    /** The folder that holds the jobs, the library and the credentials. */
    folder: itemName.default('eks-dr'),
    job: itemName.default('EKS-DR'),
    /** The name of the folder library, as in `@Library`. */
    library: itemName.default('eks-dr'),
    /** The branch of the generated repository that the jobs and the library follow. */
    branch: z.string().min(1).default('main'),
    agentLabel: z.string().min(1).default('eks-dr'),
    /** Put before the name of each credential. */
    credentialPrefix: z
      .string()
      .regex(/^[\w.-]*$/)
      .default('eks-dr-'),
    preflightSchedule: z.string().min(1).default('H 2 * * *'),
    keepBuilds: z.int().positive().default(100),
  })
  .prefault({});

export type JenkinsSettings = z.infer<typeof jenkinsSettings>;
