import * as z from 'zod';
import { type GatewayClients, type ReadLink, readFirst } from '../api-gateway/read-links.ts';
import { unlessMissing } from '../clients/aws-errors.ts';
import { defineDriver, type Observed, single, type Write } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { groupBy } from '../kit/keys.ts';
import { RUN_TAG } from '../naming.ts';
import { linkOwner, unchangeable } from './vpc-link-owner.ts';

const id = z.strictObject({ region: z.string(), name: z.string() });

const state = z.strictObject({
  /** The ARN of the network load balancer. */
  target: z.string(),
  run: z.string().nullable(),
});

type Id = z.infer<typeof id>;
type State = z.infer<typeof state>;

/** A VPC link of the first version: the way of REST APIs to one network load balancer. It is made new rather than changed. */
export const apigatewayVpcLink = defineDriver<Id, State, GatewayClients>({
  kind: 'apigateway.vpc-link',
  noun: 'VPC link',
  compareAndSwap: {
    cas: 'no',
    window: 'between the last look and its making, well below a second; API Gateway takes a second one of the name',
  },
  permissions: {
    read: ['apigateway:GET'],
    write: [
      'apigateway:POST',
      'apigateway:DELETE',
      // A link made with tags: the first version is also asked for what PUT /tags would need.
      'apigateway:PUT',
      'ec2:CreateVpcEndpointServiceConfiguration',
      'ec2:DeleteVpcEndpointServiceConfigurations',
      'ec2:DescribeVpcEndpointServiceConfigurations',
      'ec2:ModifyVpcEndpointServicePermissions',
      'elasticloadbalancing:DescribeLoadBalancers',
    ],
  },
  concurrency: 2,
  visibleWithinSeconds: 900,
  id,
  state,
  label: ({ name, region }) => `${name} in ${region}`,
  refuse: ({ name }, { state: found }, desired) =>
    found.target === desired.target && found.run === desired.run ? null : unchangeable(name),
  read,
  write: single(writeOne),
});

async function read(clients: GatewayClients, ids: readonly Id[]): Promise<Observed<State>[]> {
  const regions = [...groupBy(ids, ({ region }) => region).keys()];
  const links = new Map(await Promise.all(regions.map(async (region) => [region, await readFirst(clients, region)] as const)));
  return ids.map(({ region, name }) => {
    const link = links.get(region)?.find((one) => one.name === name);
    if (link === undefined) return { state: null, owner: { kind: 'nobody' } };
    return { state: { target: link.targets.join(' '), run: link.tags[RUN_TAG] ?? null }, owner: linkOwner(link), version: link };
  });
}

async function writeOne(clients: GatewayClients, { id: { region, name }, before, after, observed }: Write<Id, State>): Promise<void> {
  const gateway = await clients.apiGateway(region);
  if (after === null) {
    const { id: vpcLinkId, status } = observed.version as ReadLink;
    if (status !== 'DELETING') await unlessMissing<unknown>(gateway.deleteVpcLink({ vpcLinkId }), 'NotFoundException');
    return;
  }
  if (before !== null) throw unchangeable(name);
  if (after.run === null) throw new EksDrError('bug', { message: `The VPC link ${name} would be made without the tag of a run.` });
  await gateway.createVpcLink({ name, targetArns: [after.target], tags: { [RUN_TAG]: after.run } });
}
