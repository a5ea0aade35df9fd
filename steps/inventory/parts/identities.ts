import * as z from 'zod';
import type { Eks } from '../../clients/aws.ts';
import { allPages } from '../../clients/aws-pages.ts';
import { definePart, sortedBy } from '../part.ts';

/** The annotation by which a service account names its IAM role (IRSA). */
export const ROLE_ANNOTATION = 'eks.amazonaws.com/role-arn';

const account = { namespace: z.string(), serviceAccount: z.string(), roleArn: z.string() };

const schema = z.strictObject({
  /** Service accounts that name a role in their annotation. */
  annotated: z.array(z.strictObject(account)),
  /** Pod identity associations. */
  associations: z.array(
    z.strictObject({ ...account, targetRoleArn: z.string().nullable(), policy: z.string().nullable(), disableSessionTags: z.boolean() }),
  ),
});

/** Which IAM roles the service accounts of the primary have, and how. What an EKS add-on brings along comes with it again, and is left out. */
export const identities = definePart({
  schema,
  words: 'service accounts with IAM roles',
  system: 'the primary cluster',
  size: ({ annotated, associations }) => annotated.length + associations.length,

  async read(clients, { primary: { region, cluster } }) {
    const kubernetes = await clients.kubernetes({ region, cluster });
    const [accounts, associations] = await Promise.all([
      kubernetes.list({ apiVersion: 'v1', kind: 'ServiceAccount' }),
      readAssociations(await clients.eks(region), cluster),
    ]);
    const annotated = accounts.flatMap(({ metadata }) => {
      const roleArn = metadata.annotations?.[ROLE_ANNOTATION] ?? '';
      return roleArn === '' ? [] : [{ namespace: metadata.namespace ?? '', serviceAccount: metadata.name, roleArn }];
    });
    return { annotated: sortedBy(annotated, nameOf), associations: sortedBy(associations, nameOf) };
  },
});

async function readAssociations(eks: Eks, clusterName: string) {
  const listed = await allPages(async (nextToken) => {
    const page = await eks.listPodIdentityAssociations({ clusterName, nextToken });
    return [page.associations, page.nextToken];
  });
  const described = await Promise.all(
    listed
      .filter(({ ownerArn }) => ownerArn === undefined)
      .map(async ({ associationId }) => (await eks.describePodIdentityAssociation({ clusterName, associationId })).association),
  );
  return described.map((association) => ({
    namespace: association?.namespace ?? '',
    serviceAccount: association?.serviceAccount ?? '',
    roleArn: association?.roleArn ?? '',
    targetRoleArn: association?.targetRoleArn ?? null,
    policy: association?.policy ?? null,
    disableSessionTags: association?.disableSessionTags ?? false,
  }));
}

function nameOf({ namespace, serviceAccount }: { readonly namespace: string; readonly serviceAccount: string }): string {
  return `${namespace} ${serviceAccount}`;
}
