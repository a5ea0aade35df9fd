import { type CustomDomain, readDomain, regionOfTarget } from '../api-gateway/custom-domain.ts';
import { noSuccessorDomain, unclearDomain } from '../api-gateway/domain-problems.ts';
import type { GatewayClients } from '../api-gateway/read-links.ts';
import type { DomainRef } from '../api-gateway/switched-domains.ts';
import { asBearable, type EksDrError } from '../kit/errors.ts';
import type { Run } from '../kit/run.ts';
import type { ZoneRecord } from '../resources/route53-reading.ts';
import type { DnsPair } from './endpoint-map.ts';
import { targetOf } from './record-switch.ts';

/** Which regional domain names of API Gateway are replaced by which, and what stands in the way. */
export interface PlannedDomains {
  readonly pairs: readonly DnsPair[];
  /** For people: custom domain names whose records stay as they are. */
  readonly leftAlone: readonly string[];
  readonly problems: readonly EksDrError[];
}

/**
 * Finds by the records of the custom domain names where they lead, and in the new region where they shall lead. The region that they leave
 * need not answer: it is asked only where the records leave a doubt.
 */
export async function planDomains(
  clients: GatewayClients,
  refs: readonly DomainRef[],
  at: { readonly region: string; readonly services: Run['services'] },
  records: readonly ZoneRecord[],
): Promise<PlannedDomains> {
  if (at.services !== 'all') {
    const leftAlone = refs.map(
      ({ name }) =>
        `The record of ${name} stays as it is: a custom domain name takes all its paths along, and only a part of the services is recovered.`,
    );
    return { pairs: [], leftAlone, problems: [] };
  }
  const planned = await Promise.all(refs.map((ref) => planDomain(clients, ref, at.region, records)));
  return {
    pairs: planned.flatMap(({ pairs }) => pairs),
    leftAlone: planned.flatMap(({ leftAlone }) => leftAlone),
    problems: planned.flatMap(({ problems }) => problems),
  };
}

/** Where the records of a name lead, each once. */
export function targetsOf(name: string, records: readonly ZoneRecord[]): string[] {
  const targets = records.flatMap((record) => (record.name === name ? (targetOf(record) ?? []) : []));
  return [...new Set(targets)].toSorted();
}

async function planDomain(
  clients: GatewayClients,
  ref: DomainRef,
  region: string,
  records: readonly ZoneRecord[],
): Promise<PlannedDomains> {
  const nothing = { pairs: [], leftAlone: [], problems: [] };
  const targets = targetsOf(ref.name, records);
  const old = targets.filter((target) => regionOfTarget(target) === ref.region);
  if (old.length === 0) {
    // They may have been switched by this run already.
    if (targets.some((target) => regionOfTarget(target) === region)) return nothing;
    return { ...nothing, leftAlone: [noRecord(ref, targets)] };
  }
  const successor = await readDomain(clients, region, ref.name);
  if (successor === null || successor.problem !== null)
    return { ...nothing, problems: [noSuccessorDomain(ref.name, region, successor?.problem ?? 'there is no such custom domain name')] };
  const found = await theOldOne(clients, ref, old);
  if (found === null) return { ...nothing, problems: [unclearDomain(ref, old)] };
  const pairs = [{ old: { dnsName: found }, new: placeOf(successor) }];
  return { ...nothing, pairs, leftAlone: old.filter((target) => target !== found).map((target) => strangeTarget(ref, target, found)) };
}

/** Which of these is the custom domain name's own; null: nobody can tell. */
async function theOldOne(clients: GatewayClients, { name, region }: DomainRef, old: readonly string[]): Promise<string | null> {
  const [only] = old;
  if (old.length === 1 && only !== undefined) return only;
  try {
    const target = (await readDomain(clients, region, name))?.target;
    return old.find((one) => one === target) ?? null;
  } catch (thrown) {
    asBearable(thrown);
    return null;
  }
}

function placeOf({ target, zoneId }: CustomDomain): DnsPair['new'] {
  return { dnsName: target, zoneId };
}

/** No record leads a custom domain name to its region. */
export function noRecord({ name, region }: DomainRef, targets: readonly string[]): string {
  const where = targets.length === 0 ? 'there is no alias or CNAME of this name' : `it leads to ${targets.join(', ')}`;
  return `No record of the estate's zones leads ${name} to API Gateway in ${region} (${where}): nothing of it is switched.`;
}

function strangeTarget({ name, region }: DomainRef, target: string, own: string): string {
  return `A record of ${name} leads to ${target} and stays as it is: the custom domain name in ${region} is ${own}.`;
}
