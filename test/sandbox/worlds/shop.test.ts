import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';
import { apiGatewayRegion } from '../../../sandbox/apigateway/state.ts';
import { listTree, readBlob } from '../../../sandbox/gitlab/repository.ts';
import { listObjects } from '../../../sandbox/kubernetes/delivery.ts';
import { allSystems } from '../../../sandbox/systems.ts';
import type { World } from '../../../sandbox/world.ts';
import { DRILL_APIS, PRODUCTION_APIS, STANDBY_APIS } from '../../../sandbox/worlds/api-names.ts';
import {
  DRILL_ZONE,
  GITLAB_PROJECT,
  NOW,
  PRIMARY_CLUSTER,
  PRIMARY_SERVER,
  PRODUCTION_ZONE,
  PROJECTS,
  ROOT_APPLICATION,
  STATE_BUCKET,
  TEMPLATES_FOLDER,
} from '../../../sandbox/worlds/names.ts';
import { primaryRef } from '../../../sandbox/worlds/primary.ts';
import { shopWorld } from '../../../sandbox/worlds/shop.ts';

const services = (world: World) =>
  Object.values(world.argocd.applications)
    .map(({ app }) => app)
    .filter((app) => app.metadata.name !== ROOT_APPLICATION);
function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
const balancers = (world: World) => Object.values(world.elb.regions['eu-west-1']?.loadBalancers ?? {});
const templates = (world: World) =>
  (listTree(world, GITLAB_PROJECT, 'main', TEMPLATES_FOLDER) ?? [])
    .filter(({ path }) => path.endsWith('.yaml'))
    .map(({ path }) => readBlob(world, GITLAB_PROJECT, 'main', path)?.toString() ?? '');

describe('the world of the shop', function () {
  this.timeout(20_000);
  let large: World;
  let small: World;
  before(() => {
    large = shopWorld({ services: 'all' });
    small = shopWorld({ services: 'small' });
  });

  it('has 150 services in three tiers, or six', () => {
    expect(countBy(services(large).map((app) => app.metadata.labels?.tier ?? ''))).to.deep.equal({ critical: 25, standard: 90, batch: 35 });
    expect(services(small)).to.have.length(6);
    expect(new Set(services(small).map((app) => app.metadata.labels?.tier))).to.have.property('size', 3);
  });

  it('has everything deployed, synced and healthy', () => {
    for (const world of [large, small]) {
      for (const { app } of Object.values(world.argocd.applications)) {
        expect(app.status.sync?.status, app.metadata.name).to.equal('Synced');
        expect(app.status.health?.status, app.metadata.name).to.equal('Healthy');
        expect(app.operation, app.metadata.name).to.equal(undefined);
        expect(app.status.conditions, app.metadata.name).to.equal(undefined);
      }
    }
    const pods = listObjects(large, primaryRef, 'Pod');
    expect(pods.length).to.be.above(250);
    expect(pods.filter((pod) => (pod.status as { phase?: string }).phase !== 'Running')).to.deep.equal([]);
  });

  it('has about 60 labelled namespaces', () => {
    const namespaces = listObjects(large, primaryRef, 'Namespace');
    expect(namespaces.length).to.be.within(58, 70);
    const labels = namespaces.map(({ metadata }) => metadata.labels ?? {});
    expect(labels.filter((one) => one['istio-injection'] === 'enabled').length).to.be.above(10);
    expect(labels.filter((one) => one['pod-security.kubernetes.io/enforce'] !== undefined).length).to.be.above(50);
  });

  it('writes its templates in every style', () => {
    for (const world of [large, small]) {
      const texts = templates(world);
      const all = texts.join('\n');
      for (const trait of [
        'parameters:',
        'values: |',
        '"valuesObject":',
        'directory:',
        '<<: *labels',
        'sync-wave',
        'releaseName',
        '# ',
        'resources-finalizer',
      ]) {
        expect(all, trait).to.contain(trait);
      }
      expect(all)
        .to.contain(`server: '${PRIMARY_SERVER}'`)
        .and.to.contain(`name: ${PRIMARY_CLUSTER}`)
        .and.to.contain(`"name": "${PRIMARY_CLUSTER}"`);
      expect(all).to.contain('.dkr.ecr.eu-west-1.amazonaws.com').and.to.contain('arn:aws:acm:eu-west-1:');
      expect(texts.some((text) => parseAllDocuments(text, { merge: true }).length > 1)).to.equal(true);
    }
  });

  it('gives a dozen services a load balancer of their own, and Istio one', () => {
    expect(balancers(large)).to.have.length(13);
    expect(countBy(balancers(large).map(({ type }) => type))).to.deep.equal({ network: 8, application: 5 });
    expect(balancers(small)).to.have.length(3);
    expect(balancers(large).every(({ activeAt }) => activeAt < NOW)).to.equal(true);
    const stacks = balancers(large).map(({ tags }) => tags['service.k8s.aws/stack'] ?? tags['ingress.k8s.aws/stack']);
    expect(new Set(stacks).size).to.equal(13);
    expect(stacks).to.include('istio-ingress/istio-ingress');
  });

  it('points records of every kind at the load balancers, in production and in the drill zone', () => {
    for (const world of [large, small]) {
      const hosts = balancers(world).map(({ dnsName }) => dnsName.toLowerCase());
      for (const { id, name } of [PRODUCTION_ZONE, DRILL_ZONE]) {
        const zone = world.route53.zones[id];
        expect(zone?.name).to.equal(`${name}.`);
        const records = Object.values(zone?.records ?? {});
        const pointing = records.filter(({ AliasTarget, ResourceRecords = [] }) =>
          [AliasTarget?.DNSName ?? '', ...ResourceRecords].some((target) =>
            hosts.includes(
              target
                .toLowerCase()
                .replace(/^dualstack\./, '')
                .replace(/\.$/, ''),
            ),
          ),
        );
        expect(pointing.length).to.be.at.least(4);
        expect(pointing.some(({ AliasTarget }) => AliasTarget !== undefined)).to.equal(true);
        expect(pointing.some(({ Type }) => Type === 'CNAME')).to.equal(true);
        expect(pointing.some(({ Weight }) => Weight !== undefined)).to.equal(true);
      }
    }
    expect(large.route53.zones[DRILL_ZONE.id]?.tags).to.deep.equal({ 'eks-dr:scope': 'drill' });
    const production = Object.values(large.route53.zones[PRODUCTION_ZONE.id]?.records ?? {});
    expect(production.map(({ Type }) => Type)).to.include.members(['MX', 'TXT', 'CNAME', 'A', 'AAAA']);
    expect(production.some(({ Region }) => Region !== undefined)).to.equal(true);
  });

  it('has APIs of every kind in front of the load balancers, and copies of them for drills', () => {
    for (const world of [large, small]) {
      const primary = apiGatewayRegion(world.apigateway, 'eu-west-1');
      const recovery = apiGatewayRegion(world.apigateway, 'eu-central-1');
      for (const id of Object.values(PRODUCTION_APIS)) expect({ ...primary.restApis, ...primary.httpApis }).to.have.property(id);
      for (const id of [...Object.values(DRILL_APIS), ...Object.values(STANDBY_APIS)])
        expect({ ...recovery.restApis, ...recovery.httpApis }).to.have.property(id);
      const { orders, checkout, partners } = PRODUCTION_APIS;
      expect(Object.values(primary.vpcLinksV1).map(({ status }) => status)).to.deep.equal(['AVAILABLE', 'AVAILABLE']);
      expect(primary.restApis[orders]?.stages).to.have.property('prod');
      expect(primary.httpApis[checkout]?.stages.$default).to.include({ autoDeploy: true });
      const [deployment] = Object.values(primary.restApis[partners]?.deployments ?? {});
      expect(Object.keys(deployment?.snapshot['/offers'] ?? {})).to.deep.equal(['GET']);
      const edited = Object.values(primary.restApis[partners]?.resources ?? {}).find(({ path }) => path === '/offers');
      expect(Object.keys(edited?.methods ?? {})).to.deep.equal(['GET', 'POST']);
    }
  });

  it('uses the zone ids of the load balancers and custom domain names in its aliases', () => {
    const domains = Object.values(large.apigateway.regions).flatMap((region) => Object.values(region.domains));
    const zones = new Map([
      ...balancers(large).map(({ dnsName, canonicalHostedZoneId }) => [dnsName.toLowerCase(), canonicalHostedZoneId] as const),
      ...domains.map(({ targetName, targetZoneId }) => [targetName, targetZoneId] as const),
    ]);
    const aliases = Object.values(large.route53.zones[PRODUCTION_ZONE.id]?.records ?? {}).flatMap(({ AliasTarget }) => AliasTarget ?? []);
    expect(aliases.length).to.be.above(5);
    for (const { DNSName, HostedZoneId } of aliases)
      expect(
        zones.get(
          DNSName.toLowerCase()
            .replace(/^dualstack\./, '')
            .replace(/\.$/, ''),
        ),
      ).to.equal(HostedZoneId);
  });

  it('has the projects, the roles and the bucket of the example estate', () => {
    expect(Object.keys(large.argocd.projects)).to.have.members(['default', ...PROJECTS]);
    expect(Object.keys(large.iam.roles)).to.include.members(['eks-dr-runner', 'argocd-management', 'platform-admin']);
    expect(large.s3.buckets[STATE_BUCKET]?.region).to.equal('eu-central-1');
    const [project] = Object.values(large.gitlab.projects);
    expect(project?.approvalsRequired).to.equal(1);
  });

  it('is the same world each time, and survives being saved', () => {
    const dump = (world: World) => JSON.stringify(allSystems.map((system) => system.dump(world)));
    expect(dump(shopWorld({ services: 'small' }))).to.equal(dump(small));
    expect(dump(JSON.parse(JSON.stringify(small)) as World)).to.equal(dump(small));
  });
});
