import * as z from 'zod';

/** The arguments of every wait that looks at one cluster. */
export const clusterArgs = z.strictObject({ region: z.string(), cluster: z.string() });

export type ClusterArgs = z.infer<typeof clusterArgs>;

/** The status of a condition in an object's status (`Ready`, `Available`) with its message, or null when it isn't there. */
export function conditionOf(
  object: Readonly<Record<string, unknown>>,
  type: string,
): { readonly status: string; readonly message: string } | null {
  const { data } = conditions.safeParse(object.status);
  const found = data?.conditions?.find((condition) => condition.type === type);
  return found === undefined ? null : { status: found.status, message: found.message ?? found.reason ?? '' };
}

const conditions = z.object({
  conditions: z
    .array(z.object({ type: z.string(), status: z.string(), reason: z.string().optional(), message: z.string().optional() }))
    .optional(),
});
