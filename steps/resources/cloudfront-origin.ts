import type { DistributionConfig, Origin } from '@aws-sdk/client-cloudfront';
import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { type Distribution, distributionOwner, readDistribution } from '../cloudfront/distributions.ts';
import { listVpcOrigins, type NamedVpcOrigin } from '../cloudfront/vpc-origins.ts';
import { plainName } from '../endpoints/host-name.ts';
import { defineDriver, type Observed, type Write } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { untilNotThrottled } from './cloudfront-pace.ts';

const id = z.strictObject({
  /** The id of the distribution. */
  distribution: z.string(),
  /** The id of the origin in it. */
  origin: z.string(),
});

const state = z.strictObject({
  domainName: z.string(),
  /** By name; null where CloudFront asks the origin over the internet. */
  vpcOrigin: z.string().nullable(),
});

type Id = z.infer<typeof id>;
type State = z.infer<typeof state>;
type OriginClients = Pick<Clients, 'cloudfront' | 'clock' | 'signal' | 'log'>;

/** Where one origin of a distribution leads. The origins of a distribution share one update, which replaces its whole configuration. */
export const cloudfrontOrigin = defineDriver<Id, State, OriginClients>({
  kind: 'cloudfront.origin',
  noun: 'CloudFront origin',
  compareAndSwap: { cas: 'yes', by: 'If-Match with the ETag of the configuration just read' },
  permissions: {
    read: ['cloudfront:GetDistribution', 'cloudfront:ListTagsForResource', 'cloudfront:ListVpcOrigins'],
    write: ['cloudfront:UpdateDistribution'],
  },
  // CloudFront refuses whoever updates many distributions at once.
  concurrency: 1,
  batch: 100,
  visibleWithinSeconds: 60,
  id,
  state,
  label: ({ distribution, origin }) => `${origin} of ${distribution}`,
  group: ({ distribution }) => distribution,
  canonical: ({ domainName, vpcOrigin }) => ({ domainName: plainName(domainName), vpcOrigin }),
  refuse: (at, { state: found }, desired) => {
    if ((found.vpcOrigin === null) === (desired.vpcOrigin === null)) return null;
    return new EksDrError('conflict', {
      message: `The origin ${at.origin} of ${at.distribution} is ${found.vpcOrigin === null ? 'no' : 'a'} VPC origin; that is not changed.`,
      target: at.distribution,
    });
  },
  read,
  write,
});

async function read(clients: OriginClients, ids: readonly Id[]): Promise<Observed<State>[]> {
  const cloudfront = await clients.cloudfront();
  const found = new Map(
    await Promise.all(
      [...new Set(ids.map(({ distribution }) => distribution))].map(async (wanted) => {
        const distribution = await readDistribution(cloudfront, wanted);
        const owner = distribution === null ? null : await distributionOwner(cloudfront, distribution);
        return [wanted, distribution === null || owner === null ? null : { distribution, owner }] as const;
      }),
    ),
  );
  const usesVpc = [...found.values()].some((one) =>
    (one?.distribution.config.Origins?.Items ?? []).some(({ VpcOriginConfig }) => VpcOriginConfig),
  );
  const vpcOrigins = usesVpc ? await listVpcOrigins(cloudfront) : [];
  return ids.map(({ distribution, origin }): Observed<State> => {
    const known = found.get(distribution) ?? null;
    if (known === null) return { state: null, owner: { kind: 'other', detail: `the distribution ${distribution} does not exist` } };
    const item = known.distribution.config.Origins?.Items?.find(({ Id }) => Id === origin);
    return { state: item === undefined ? null : originState(item, vpcOrigins), owner: known.owner, version: known.distribution };
  });
}

/** Where an origin leads, in canonical form. */
export function originState({ DomainName, VpcOriginConfig }: Origin, vpcOrigins: readonly NamedVpcOrigin[]): State {
  const vpcOrigin = VpcOriginConfig?.VpcOriginId;
  return {
    domainName: plainName(DomainName ?? ''),
    // One that another account shares is not listed.
    vpcOrigin: vpcOrigin === undefined ? null : (vpcOrigins.find((one) => one.id === vpcOrigin)?.name ?? vpcOrigin),
  };
}

async function write(clients: OriginClients, writes: readonly Write<Id, State>[]): Promise<void> {
  const distribution = writes[0]?.observed.version as Distribution | undefined;
  if (distribution === undefined) throw gone(writes);
  const cloudfront = await clients.cloudfront();
  const names = writes.some(({ after }) => after !== null && after.vpcOrigin !== null) ? await listVpcOrigins(cloudfront) : [];
  const DistributionConfig = withOrigins(distribution.config, writes, names);
  await untilNotThrottled(clients, `the update of ${distribution.id}`, () =>
    cloudfront.updateDistribution({ Id: distribution.id, IfMatch: distribution.etag, DistributionConfig }),
  );
}

/** The configuration as it was read, with nothing changed but where these origins lead. */
function withOrigins(
  config: DistributionConfig,
  writes: readonly Write<Id, State>[],
  vpcOrigins: readonly NamedVpcOrigin[],
): DistributionConfig {
  const open = new Map(writes.map((write) => [write.id.origin, write]));
  const items = (config.Origins?.Items ?? []).map((origin) => {
    const change = open.get(origin.Id ?? '');
    open.delete(origin.Id ?? '');
    return change?.after == null ? origin : led(origin, change.after, vpcOrigins);
  });
  if (open.size > 0 || writes.some(({ after }) => after === null)) throw gone(writes);
  return { ...config, Origins: { Quantity: items.length, Items: items } };
}

function led(origin: Origin, { domainName, vpcOrigin }: State, vpcOrigins: readonly NamedVpcOrigin[]): Origin {
  if (vpcOrigin === null) return { ...origin, DomainName: domainName };
  const VpcOriginId = vpcOrigins.find(({ name }) => name === vpcOrigin)?.id ?? vpcOrigin;
  return { ...origin, DomainName: domainName, VpcOriginConfig: { ...origin.VpcOriginConfig, VpcOriginId } };
}

function gone(writes: readonly Write<Id, State>[]): EksDrError {
  const [first] = writes;
  return new EksDrError('remote-refused', {
    message: `Origins are neither made nor removed here, and ${writes.map(({ id: { origin } }) => origin).join(', ')} of ${first?.id.distribution} is not there.`,
    target: first?.id.distribution,
    remedy: 'Look at the distribution, then plan again.',
  });
}
