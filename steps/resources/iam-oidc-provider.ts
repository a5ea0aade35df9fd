import * as z from 'zod';
import type { Iam } from '../clients/aws.ts';
import { explaining } from '../clients/aws-errors.ts';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, type Observed, single, type Write } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { RUN_TAG } from '../naming.ts';
import { iamOwner, runTags, tagsOf } from './iam-owner.ts';
import { unlessNoSuchEntity } from './iam-spread.ts';
import { foreignThing, nameTaken } from './iam-taken.ts';

/** The address of the issuer, such as https://oidc.eks.eu-central-1.amazonaws.com/id/0123. */
const id = z.strictObject({ issuer: z.string() });

const state = z.strictObject({
  /** For whom tokens are issued: sts.amazonaws.com for service accounts. */
  audiences: z.array(z.string()),
  run: z.string().nullable(),
});

type Id = z.infer<typeof id>;
type State = z.infer<typeof state>;

/**
 * An OIDC provider of the account: lets IAM trust the tokens of a cluster's service accounts. It is made without a thumbprint, which
 * IAM asks for no longer: it checks issuers against its own list of authorities, and EKS's are signed by one of them.
 */
export const iamOidcProvider = defineDriver<Id, State, Pick<Clients, 'iam'>>({
  kind: 'iam.oidc-provider',
  noun: 'OIDC provider',
  compareAndSwap: { cas: 'no', window: 'between the last look and the change of its audiences, well below a second' },
  permissions: {
    read: ['iam:ListOpenIDConnectProviders', 'iam:GetOpenIDConnectProvider'],
    write: [
      'iam:CreateOpenIDConnectProvider',
      'iam:TagOpenIDConnectProvider',
      'iam:AddClientIDToOpenIDConnectProvider',
      'iam:RemoveClientIDFromOpenIDConnectProvider',
      'iam:DeleteOpenIDConnectProvider',
    ],
  },
  concurrency: 2,
  visibleWithinSeconds: 60,
  id,
  state,
  label: ({ issuer }) => issuer,
  canonical: ({ audiences, run }) => ({ audiences: [...new Set(audiences)].toSorted(), run }),
  refuse: ({ issuer }, { state: before, owner }, after) =>
    before.run === null || before.run !== after.run ? foreignThing('OIDC provider', issuer, owner) : null,
  read,
  write: single(writeOne),
});

async function read(clients: Pick<Clients, 'iam'>, ids: readonly Id[]): Promise<Observed<State>[]> {
  const iam = await clients.iam();
  const { OpenIDConnectProviderList = [] } = await iam.listOpenIDConnectProviders({});
  return Promise.all(
    ids.map(({ issuer }) => {
      const found = OpenIDConnectProviderList.find(({ Arn }) => Arn?.endsWith(`:oidc-provider/${issuerPath(issuer)}`));
      return readOne(iam, issuer, found?.Arn);
    }),
  );
}

async function readOne(iam: Iam, issuer: string, arn: string | undefined): Promise<Observed<State>> {
  const found = arn === undefined ? null : await unlessNoSuchEntity(iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn: arn }));
  if (found === null) return { state: null, owner: { kind: 'nobody' } };
  const tags = tagsOf(found.Tags);
  return {
    state: { audiences: [...(found.ClientIDList ?? [])].toSorted(), run: tags[RUN_TAG] ?? null },
    owner: iamOwner(tags, `the OIDC provider ${issuer}`),
    version: arn,
  };
}

/** What a provider's ARN ends with, and what conditions of trust policies begin with. */
export function issuerPath(issuer: string): string {
  return issuer.replace(/^https:\/\//, '').replace(/\/$/, '');
}

async function writeOne(clients: Pick<Clients, 'iam'>, { id: { issuer }, before, after, observed }: Write<Id, State>): Promise<void> {
  const iam = await clients.iam();
  const OpenIDConnectProviderArn = String(observed.version ?? '');
  if (after === null) {
    await unlessNoSuchEntity(iam.deleteOpenIDConnectProvider({ OpenIDConnectProviderArn }));
    return;
  }
  if (before === null) {
    await explaining(iam.createOpenIDConnectProvider({ Url: issuer, ClientIDList: after.audiences, Tags: runTags(after.run) }), {
      EntityAlreadyExists: () => nameTaken('OIDC provider', issuer),
      LimitExceeded: (error) => tooMany(issuer, error),
    });
    return;
  }
  for (const ClientID of after.audiences.filter((each) => !before.audiences.includes(each)))
    await iam.addClientIDToOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID });
  for (const ClientID of before.audiences.filter((each) => !after.audiences.includes(each)))
    await iam.removeClientIDFromOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID });
}

function tooMany(issuer: string, error: EksDrError): EksDrError {
  return new EksDrError('remote-refused', {
    message: `The account has no room for the OIDC provider ${issuer}: ${error.message}`,
    target: `OIDC provider ${issuer}`,
    remedy:
      'Delete providers of clusters that are gone (aws iam list-open-id-connect-providers), or have the IAM quota "OpenID Connect providers per account" raised; then run the step again.',
    cause: error.cause,
  });
}
