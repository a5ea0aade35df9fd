import { readDomain, regionOfTarget } from '../api-gateway/custom-domain.ts';
import { noSuccessorDomain } from '../api-gateway/domain-problems.ts';
import type { GatewayClients } from '../api-gateway/read-links.ts';
import { type DomainRef, switchedDomains } from '../api-gateway/switched-domains.ts';
import { noRecord, targetsOf } from '../endpoints/plan-domains.ts';
import { switchedZones } from '../endpoints/switched-zones.ts';
import { asBearable } from '../kit/errors.ts';
import type { Finding } from '../kit/step.ts';
import { listZone, type ZoneRecord } from '../resources/route53-reading.ts';
import type { Check } from '../step.ts';
import { blockerFrom, findings } from './from-error.ts';

/** The custom domain names that go with this run stand in the region it goes to, and records lead to those that they replace. */
export const gatewayDomains: Check = {
  id: 'gateway-domains',
  title: 'Custom domain names of API Gateway stand in the new region',
  async run({ estate, run, clients }) {
    const region = estate.targets[run.target]?.region ?? estate.primary.region;
    const refs = switchedDomains(estate, run.mode, region);
    if (refs.length === 0) return [];
    const zones = switchedZones(estate, run.mode);
    const route53 = await clients.route53();
    const records = (await Promise.all(zones.map(({ id }) => listZone(route53, id)))).flat();
    const found = refs.map(async (ref) => [
      ...(await findings(`custom domain name ${ref.name} in ${region}`, () => lookAhead(clients, ref, region))),
      ...(await lookAtRecords(clients, ref, region, records)),
    ]);
    return (await Promise.all(found)).flat();
  },
};

async function lookAhead(clients: GatewayClients, { name }: DomainRef, region: string): Promise<readonly Finding[]> {
  const domain = await readDomain(clients, region, name);
  if (domain !== null && domain.problem === null) return [];
  const reason = domain?.problem ?? 'there is no such custom domain name';
  return [blockerFrom(noSuccessorDomain(name, region, reason), `apigateway:GET /v2/domainnames/${name} in ${region}`)];
}

/** What of the records would keep them from being switched. The region that they leave need not answer. */
async function lookAtRecords(
  clients: GatewayClients,
  ref: DomainRef,
  region: string,
  records: readonly ZoneRecord[],
): Promise<readonly Finding[]> {
  const targets = targetsOf(ref.name, records);
  const old = targets.filter((target) => regionOfTarget(target) === ref.region);
  if (old.length === 0) {
    if (targets.some((target) => regionOfTarget(target) === region)) return [];
    return [
      {
        severity: 'warning',
        message: noRecord(ref, targets),
        evidence: `records of ${ref.name}`,
        remedy: `Lead ${ref.name} to its regional domain name, name its zone in the estate, or take the domain name out of it.`,
      },
    ];
  }
  const own = await ownTarget(clients, ref);
  const strange = own === null ? [] : old.filter((target) => target !== own);
  if (strange.length === 0) return [];
  return [
    {
      severity: 'warning',
      message: `Records of ${ref.name} lead to ${strange.join(', ')}, which is not the custom domain name's in ${ref.region}: that is ${own}.`,
      evidence: `apigateway:GET /v2/domainnames/${ref.name} in ${ref.region}`,
      remedy: 'Look whose regional domain name that is, and correct the records.',
    },
  ];
}

/** The regional domain name in the region that is left; null: it is not known. */
async function ownTarget(clients: GatewayClients, { name, region }: DomainRef): Promise<string | null> {
  try {
    return (await readDomain(clients, region, name))?.target ?? null;
  } catch (thrown) {
    asBearable(thrown);
    return null;
  }
}
