import * as z from 'zod';
import { type GatewayClients, type ReadLink, readSecond } from '../api-gateway/read-links.ts';
import { unlessMissing } from '../clients/aws-errors.ts';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, type Observed, single, type Write } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { sameJson } from '../kit/json.ts';
import { groupBy } from '../kit/keys.ts';
import { RUN_TAG } from '../naming.ts';
import { linkOwner, unchangeable } from './vpc-link-owner.ts';

const id = z.strictObject({ region: z.string(), name: z.string() });

const state = z.strictObject({ subnets: z.array(z.string()), securityGroups: z.array(z.string()), run: z.string().nullable() });

type Id = z.infer<typeof id>;
type State = z.infer<typeof state>;
type LinkClients = GatewayClients & Pick<Clients, 'clock' | 'signal'>;

const POLL_SECONDS = 10;
const MADE_WITHIN_SECONDS = 900;

/** A VPC link of the second version: a way into a VPC, by its subnets. Those and its security groups can't be changed. */
export const apigatewayv2VpcLink = defineDriver<Id, State, LinkClients>({
  kind: 'apigatewayv2.vpc-link',
  noun: 'VPC link into a VPC',
  compareAndSwap: {
    cas: 'no',
    window: 'between the last look and its making, well below a second; API Gateway takes a second one of the name',
  },
  permissions: {
    read: ['apigateway:GET'],
    // The second version is asked for TagResource by its name where tags come with a new link, though IAM's list of actions lacks it.
    write: ['apigateway:POST', 'apigateway:DELETE', 'apigateway:TagResource', 'iam:CreateServiceLinkedRole'],
  },
  concurrency: 1,
  visibleWithinSeconds: 900,
  id,
  state,
  label: ({ name, region }) => `${name} in ${region}`,
  canonical: ({ subnets, securityGroups, run }) => ({ subnets: subnets.toSorted(), securityGroups: securityGroups.toSorted(), run }),
  refuse: ({ name }, { state: found }, desired) => (sameJson(found, desired) ? null : unchangeable(name)),
  read,
  write: single(writeOne),
});

async function read(clients: GatewayClients, ids: readonly Id[]): Promise<Observed<State>[]> {
  const regions = [...groupBy(ids, ({ region }) => region).keys()];
  const links = new Map(await Promise.all(regions.map(async (region) => [region, await readSecond(clients, region)] as const)));
  return ids.map(({ region, name }) => {
    const link = links.get(region)?.find((one) => one.name === name);
    if (link === undefined) return { state: null, owner: { kind: 'nobody' } };
    const { subnets, securityGroups, tags } = link;
    const state = { subnets: [...subnets], securityGroups: [...securityGroups], run: tags[RUN_TAG] ?? null };
    return { state, owner: linkOwner(link), version: link };
  });
}

async function writeOne(clients: LinkClients, { id: { region, name }, before, after, observed }: Write<Id, State>): Promise<void> {
  const gateway = await clients.apiGatewayV2(region);
  if (after === null) {
    const { id: VpcLinkId, status } = observed.version as ReadLink;
    if (status === 'PENDING') await untilMade(clients, region, VpcLinkId);
    if (status !== 'DELETING') await unlessMissing<unknown>(gateway.deleteVpcLink({ VpcLinkId }), 'NotFoundException');
    return;
  }
  if (before !== null) throw unchangeable(name);
  if (after.run === null) throw new EksDrError('bug', { message: `The VPC link ${name} would be made without the tag of a run.` });
  await gateway.createVpcLink({
    Name: name,
    SubnetIds: after.subnets,
    SecurityGroupIds: after.securityGroups,
    Tags: { [RUN_TAG]: after.run },
  });
}

/** A link that is still being made can't be deleted. */
async function untilMade(clients: LinkClients, region: string, id: string): Promise<void> {
  const deadline = clients.clock.now() + MADE_WITHIN_SECONDS * 1000;
  for (;;) {
    const link = (await readSecond(clients, region)).find((one) => one.id === id);
    if (link?.status !== 'PENDING') return;
    if (clients.clock.now() >= deadline) {
      throw new EksDrError('not-visible-yet', {
        message: `The VPC link ${link.name} in ${region} is still being made after ${MADE_WITHIN_SECONDS} s, and can't be deleted until then.`,
        target: `VPC link ${link.name}`,
      });
    }
    await clients.clock.sleep(POLL_SECONDS, clients.signal);
  }
}
