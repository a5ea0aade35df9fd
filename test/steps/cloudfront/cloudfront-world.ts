import { addDistribution } from '../../../sandbox/cloudfront/distributions.ts';
import type { XmlObject } from '../../../sandbox/cloudfront/shape.ts';
import { cloudfront as cloudfrontSystem } from '../../../sandbox/cloudfront/system.ts';
import { addVpcOrigin } from '../../../sandbox/cloudfront/vpc-origins.ts';
import { iam } from '../../../sandbox/iam/system.ts';
import { sts } from '../../../sandbox/sts/system.ts';
import type { CloudFront } from '../../../steps/clients/aws.ts';
import type { Clients } from '../../../steps/clients/clients.ts';
import type { Estate } from '../../../steps/estate/estate.ts';
import { applyPlan } from '../../../steps/kit/applying.ts';
import type { Engine } from '../../../steps/kit/engine.ts';
import { finder } from '../../../steps/kit/keys.ts';
import type { Direction, PlanItem } from '../../../steps/kit/plan.ts';
import { planDescription } from '../../../steps/kit/planning.ts';
import type { Run } from '../../../steps/kit/run.ts';
import { foldPlans, planUndo } from '../../../steps/kit/undo.ts';
import { switchCloudfront } from '../../../steps/switch-cloudfront.ts';
import { contextOf, estateWith, runWith } from '../context.ts';
import { bareWorld, type Remote, startRemote } from '../remote.ts';

export const host = (name: string, region: string): string => `${name}.elb.${region}.amazonaws.com`;
export const oldHost = (name: string): string => host(`old-${name}`, 'eu-west-1');
export const newHost = (name: string): string => host(`new-${name}`, 'eu-central-1');
const arn = (name: string, region: string): string =>
  `arn:aws:elasticloadbalancing:${region}:111122223333:loadbalancer/net/${name}/0123456789abcdef`;
export const oldArn = (name: string): string => arn(`old-${name}`, 'eu-west-1');
export const newArn = (name: string): string => arn(`new-${name}`, 'eu-central-1');

function pair(name: string) {
  const kind = { stack: `shop/${name}`, type: 'network' as const, scheme: 'internet-facing' as const };
  return {
    ...kind,
    old: { dnsName: oldHost(name), zoneId: 'Z2IFOLAFXWLO4F', arn: oldArn(name), listeners: [] },
    new: { dnsName: newHost(name), zoneId: 'Z3F0SRJ5LGBH90', arn: newArn(name), listeners: [] },
  };
}

/** a and b have successors, c is left out. */
export const needs = {
  inventory: { loadBalancers: ['a', 'b', 'c'].map((name) => ({ dnsName: oldHost(name), arn: oldArn(name) })) },
  verified: {
    endpoints: [pair('a'), pair('b')],
    leftOut: [{ stack: 'mail/c', type: 'network', scheme: 'internal', dnsName: oldHost('c'), reason: 'not part of this recovery' }],
  },
};

export function custom(id: string, domainName: string, policy = 'http-only'): XmlObject {
  return { Id: id, DomainName: domainName, CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: policy } };
}

export function bucket(id: string): XmlObject {
  return { Id: id, DomainName: 'assets.s3.eu-west-1.amazonaws.com', S3OriginConfig: { OriginAccessIdentity: '' } };
}

/** The switch with everything around it but the files of a run. */
export interface CloudFrontWorld {
  readonly remote: Remote;
  readonly api: CloudFront;
  add(id: string, origins: XmlObject[], more?: XmlObject, tags?: Record<string, string>): void;
  addVpcOrigin(name: string, target: string): string;
  origins(id: string): Promise<Record<string, string>>;
  plan(input?: Input): Promise<PlanItem[][]>;
  apply(items: readonly PlanItem[][], direction?: Direction): Promise<void>;
  /** Plans the way back from what was applied, and goes it. */
  undo(items: readonly PlanItem[][]): Promise<Awaited<ReturnType<typeof planUndo>>>;
  outputs(): Promise<Awaited<ReturnType<typeof switchCloudfront.finish>>>;
}

interface Input {
  readonly needs?: unknown;
  readonly estate?: Estate;
  readonly run?: Run;
}

/** A recovery of an estate whose distributions are all of the account, but D0DRILL. */
export async function startCloudFront(): Promise<CloudFrontWorld> {
  const remote = await startRemote([sts, iam, cloudfrontSystem], { world: bareWorld() });
  const { world } = remote.running.sandbox;
  const api = await remote.clients.cloudfront();
  const estate = estateWith();
  const run = runWith({ mode: 'recover' });
  const context = (input: Input) =>
    contextOf(remote, { needs: input.needs ?? needs, estate: input.estate ?? estate, run: input.run ?? run });
  const engine = (direction: Direction, of: Run): Engine<Clients> => {
    const clients = remote.clients as unknown as Clients;
    const driver = finder(switchCloudfront.drivers, ({ kind }) => kind, 'a resource of kind');
    const wait = finder(switchCloudfront.waits, (one) => one.wait, 'a wait');
    const { clock, log, signal } = clients;
    return { run: of, direction, clients, clock, log, signal, driver, wait };
  };
  return {
    remote,
    api,
    add(id, origins, more = {}, tags = {}) {
      const given = {
        CallerReference: id,
        Comment: id,
        Enabled: true,
        Origins: { Quantity: origins.length, Items: origins },
        DefaultCacheBehavior: { TargetOriginId: origins[0]?.Id ?? '', ViewerProtocolPolicy: 'allow-all' },
        ...more,
      };
      addDistribution(world, { id, config: given, tags, at: world.clock, deployedAt: world.clock });
    },
    addVpcOrigin(name, target) {
      const endpoint = { Name: name, Arn: target, HTTPPort: 80, HTTPSPort: 8443, OriginProtocolPolicy: 'https-only' };
      return addVpcOrigin(world, { endpoint, at: world.clock, deployedAt: world.clock }).id;
    },
    async origins(id) {
      const { DistributionConfig } = await api.getDistributionConfig({ Id: id });
      return Object.fromEntries((DistributionConfig?.Origins?.Items ?? []).map(({ Id = '', DomainName = '' }) => [Id, DomainName]));
    },
    async plan(input = {}) {
      return planDescription(engine('forward', input.run ?? run), (await switchCloudfront.describe?.(context(input))) ?? []);
    },
    apply: (items, direction = 'forward') => applyPlan(engine(direction, run), items),
    async undo(items) {
      const undoing = engine('undo', run);
      const planned = await planUndo(undoing, foldPlans([{ items: [...items], completed: true }]));
      await applyPlan(undoing, planned.items);
      return planned;
    },
    outputs: async () => switchCloudfront.finish(context({})),
  };
}
