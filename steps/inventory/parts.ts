import * as z from 'zod';

/** The parts of an inventory: each is read from another system, and each may come from the last archived inventory instead. */
export const partNames = ['applications', 'templates', 'namespaces', 'loadBalancers'] as const;

export type PartName = (typeof partNames)[number];

/** What Argo CD knows: the applications on the primary, and the clusters it deploys to. */
export const applicationsPart = z.strictObject({
  applications: z.array(z.strictObject({ name: z.string().min(1), project: z.string(), namespace: z.string(), tier: z.string() })),
  clusters: z.array(z.strictObject({ name: z.string(), server: z.string() })),
});

/** Where in Git each application is defined: `files` is application -> path. */
export const templatesPart = z.strictObject({
  project: z.string().min(1),
  branch: z.string().min(1),
  folder: z.string(),
  commit: z.string().min(1),
  files: z.record(z.string(), z.string()),
});

/** The namespaces of the primary, with their labels. */
export const namespacesPart = z.array(z.strictObject({ name: z.string().min(1), labels: z.record(z.string(), z.string()) }));

/** The load balancers that the primary's controller made. `zoneId`: the canonical hosted zone; `stack`: the value of the stack tag. */
export const loadBalancersPart = z.array(
  z.strictObject({
    dnsName: z.string().min(1),
    type: z.enum(['network', 'application']),
    scheme: z.enum(['internet-facing', 'internal']),
    zoneId: z.string().min(1),
    stack: z.string(),
    healthy: z.boolean(),
  }),
);

const partSchemas = {
  applications: applicationsPart,
  templates: templatesPart,
  namespaces: namespacesPart,
  loadBalancers: loadBalancersPart,
} as const;

export type Parts = { readonly [Name in PartName]: z.infer<(typeof partSchemas)[Name]> };

/** A part with the moment at which it was true. */
export interface Dated<T> {
  readonly takenAt: string;
  readonly value: T;
}

export type DatedParts = { readonly [Name in PartName]: Dated<Parts[Name]> };

/** What people call the system behind each part. */
export const sourceOf: Readonly<Record<PartName, string>> = {
  applications: 'Argo CD',
  templates: 'GitLab',
  namespaces: 'the primary cluster',
  loadBalancers: 'Elastic Load Balancing in the primary region',
};

/** How many things a part holds: what the shrink check compares. */
export function sizeOf<Name extends PartName>(name: Name, value: Parts[Name]): number {
  if (Array.isArray(value)) return value.length;
  if (name === 'applications') return (value as Parts['applications']).applications.length;
  return Object.keys((value as Parts['templates']).files).length;
}
