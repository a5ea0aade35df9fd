import * as z from 'zod';
import type { CloudFront } from '../clients/aws.ts';
import { isAwsError, unlessMissing } from '../clients/aws-errors.ts';
import type { Clients } from '../clients/clients.ts';
import { tagsOf } from '../cloudfront/distributions.ts';
import { listVpcOrigins, type NamedVpcOrigin, type VpcOriginState, vpcOriginState } from '../cloudfront/vpc-origins.ts';
import { defineDriver, eachId, type Observed, single, type Write } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { RUN_TAG } from '../naming.ts';
import { ownerByTags } from './cluster-owner.ts';

const id = z.strictObject({ name: z.string() });

const state = z.strictObject({
  target: z.string(),
  httpPort: z.number(),
  httpsPort: z.number(),
  protocolPolicy: z.string(),
  sslProtocols: z.array(z.string()),
  run: z.string().nullable(),
});

type Id = z.infer<typeof id>;
type VpcOriginClients = Pick<Clients, 'cloudfront' | 'clock' | 'signal' | 'log'>;

interface Version {
  readonly id: string;
  readonly etag: string;
}

const POLL_SECONDS = 15;
/** Until the distributions that used it are deployed without it, and until it is gone. */
const LIMIT_SECONDS = 1800;

/** A private way from CloudFront to a load balancer. It is never changed: distributions are led to another one. */
export const cloudfrontVpcOrigin = defineDriver<Id, z.infer<typeof state>, VpcOriginClients>({
  kind: 'cloudfront.vpc-origin',
  noun: 'CloudFront VPC origin',
  compareAndSwap: { cas: 'yes', by: 'a name is taken once; deletion by If-Match with the ETag' },
  permissions: {
    read: ['cloudfront:ListVpcOrigins', 'cloudfront:GetVpcOrigin', 'cloudfront:ListTagsForResource'],
    write: [
      'cloudfront:CreateVpcOrigin',
      'cloudfront:TagResource',
      'cloudfront:DeleteVpcOrigin',
      'cloudfront:ListDistributionsByVpcOriginId',
      'ec2:DescribeInternetGateways',
      'ec2:DescribeInstances',
      'ec2:DescribeSubnets',
      'elasticloadbalancing:DescribeLoadBalancers',
    ],
  },
  concurrency: 4,
  id,
  state,
  label: ({ name }) => name,
  canonical: (desired) => ({ ...desired, sslProtocols: [...desired.sslProtocols].sort() }),
  refuse: ({ name }) =>
    new EksDrError('conflict', {
      message: `There is a VPC origin ${name} with other settings; one that distributions use can't be changed.`,
      target: name,
      remedy: 'Remove it if nothing uses it, then plan again.',
    }),
  read: async (clients, ids) => {
    const cloudfront = await clients.cloudfront();
    const all = await listVpcOrigins(cloudfront);
    return eachId((_: VpcOriginClients, wanted: Id) =>
      readOne(
        cloudfront,
        all.find(({ name, status }) => name === wanted.name && status !== 'Deleting'),
      ),
    )(clients, ids);
  },
  write: single(writeOne),
});

async function readOne(cloudfront: CloudFront, found: NamedVpcOrigin | undefined): Promise<Observed<VpcOriginState>> {
  const there = found === undefined ? null : await unlessMissing(vpcOriginState(cloudfront, found.id), 'EntityNotFound');
  if (there === null || found === undefined) return { state: null, owner: { kind: 'nobody' } };
  const tags = await tagsOf(cloudfront, found.arn);
  return {
    state: { ...there.state, run: tags[RUN_TAG] ?? null },
    owner: ownerByTags(tags) ?? { kind: 'other', detail: `it carries no ${RUN_TAG} tag` },
    version: { id: found.id, etag: there.etag } satisfies Version,
  };
}

async function writeOne(clients: VpcOriginClients, { id: { name }, after, observed }: Write<Id, VpcOriginState>): Promise<void> {
  const cloudfront = await clients.cloudfront();
  if (after === null) return remove(clients, cloudfront, name, observed.version as Version);
  await cloudfront.createVpcOrigin({
    VpcOriginEndpointConfig: {
      Name: name,
      Arn: after.target,
      HTTPPort: after.httpPort,
      HTTPSPort: after.httpsPort,
      OriginProtocolPolicy: after.protocolPolicy as 'https-only',
      OriginSslProtocols: { Quantity: after.sslProtocols.length, Items: after.sslProtocols as 'TLSv1.2'[] },
    },
    ...(after.run === null ? {} : { Tags: { Items: [{ Key: RUN_TAG, Value: after.run }] } }),
  });
}

/** CloudFront deletes it only when every edge location has distributions that don't use it: until then this waits. */
async function remove(
  { clock, signal, log }: VpcOriginClients,
  cloudfront: CloudFront,
  name: string,
  { id: Id, etag }: Version,
): Promise<void> {
  const deadline = clock.now() + LIMIT_SECONDS * 1000;
  for (let asked = false; ; ) {
    if (!asked) asked = await askToDelete(cloudfront, name, Id, etag);
    else if ((await unlessMissing(cloudfront.getVpcOrigin({ Id }), 'EntityNotFound')) === null) return;
    if (clock.now() >= deadline) {
      const what = asked ? 'is still being deleted' : 'is still in use at edge locations';
      throw new EksDrError('not-visible-yet', { message: `The VPC origin ${name} ${what} after ${LIMIT_SECONDS} s.`, target: name });
    }
    log.debug(`The VPC origin ${name} is ${asked ? 'being deleted' : 'still in use at edge locations'}.`);
    await clock.sleep(POLL_SECONDS, signal);
  }
}

/** Whether CloudFront deletes it now. Throws where a distribution names it still, which no waiting ends. */
async function askToDelete(cloudfront: CloudFront, name: string, Id: string, IfMatch: string): Promise<boolean> {
  try {
    await cloudfront.deleteVpcOrigin({ Id, IfMatch });
    return true;
  } catch (thrown) {
    // An earlier request whose answer got lost.
    if (isAwsError(thrown, 'EntityNotFound')) return true;
    if (!isAwsError(thrown, 'CannotDeleteEntityWhileInUse') && !isAwsError(thrown, 'IllegalDelete')) throw thrown;
    const { DistributionIdList: users } = await cloudfront.listDistributionsByVpcOriginId({ VpcOriginId: Id });
    if ((users?.Items ?? []).length === 0) return false;
    throw new EksDrError('conflict', {
      message: `The VPC origin ${name} can't be removed: ${users?.Items?.join(', ')} leads to it.`,
      target: name,
      remedy: 'Lead these distributions elsewhere, then run the step again.',
    });
  }
}
