import { describeKey } from '../endpoints/endpoint-map.ts';
import { normalisedHost } from '../endpoints/host-name.ts';
import type { Inventory } from './inventory.ts';

type Records = NonNullable<Inventory['records']>;
type Origins = NonNullable<Inventory['origins']>;

/** The load balancers of the primary, below each the records and origins that lead to it; then those that lead to others of its region. */
export function loadBalancerLines({ loadBalancers, records, origins, primary }: Inventory): string[] {
  const leadingTo = (host: string) => (records ?? []).filter(({ target }) => target === host);
  const known = new Set(loadBalancers.map(({ dnsName }) => normalisedHost(dnsName)));
  const others = (records ?? []).filter(({ target }) => !known.has(target));
  const from = (of: { readonly dnsName: string; readonly arn: string }) => (origins ?? []).filter((origin) => leadsTo(origin, of));
  const strayed = (origins ?? []).filter((origin) => !loadBalancers.some((balancer) => leadsTo(origin, balancer)));
  const unknown = [...(records === null ? ['records'] : []), ...(origins === null ? ['origins'] : [])];
  const balancers = loadBalancers.flatMap((balancer) => [
    `  - ${describeKey(balancer)}${balancer.healthy ? '' : ', not healthy'}: ${normalisedHost(balancer.dnsName)}`,
    ...recordLines(leadingTo(normalisedHost(balancer.dnsName))),
    ...from(balancer).map((origin) => `      ${originText(origin)}`),
  ]);
  return [
    ...(balancers.length === 0
      ? []
      : [
          '',
          `Load balancers (${loadBalancers.length})${unknown.length === 0 ? '' : `; their ${unknown.join(' and ')} are not known`}`,
          ...balancers,
        ]),
    ...(others.length === 0
      ? []
      : [
          '',
          `Records that lead to other load balancers in ${primary.region}`,
          ...others.map((record) => `  - ${recordText(record)} -> ${record.target}`),
        ]),
    ...(strayed.length === 0
      ? []
      : [
          '',
          `Origins of CloudFront that lead to other load balancers in ${primary.region}`,
          ...strayed.map((origin) => `  - ${originText(origin)} -> ${origin.behind === '' ? origin.target : origin.behind}`),
        ]),
  ];
}

function recordLines(records: Records): string[] {
  return records.map((record) => `      ${recordText(record)}`);
}

function leadsTo({ target, behind }: Origins[number], { dnsName, arn }: { readonly dnsName: string; readonly arn: string }): boolean {
  return target === normalisedHost(dnsName) || (behind !== '' && behind === arn);
}

function originText({ distribution, name, origin, behind }: Origins[number]): string {
  return `${name} (CloudFront ${distribution}, origin ${origin}${behind === '' ? '' : ', by a VPC origin'})`;
}

function recordText({ name, type, set }: Records[number]): string {
  return `${name} ${type}${set === '' ? '' : ` (${set})`}`;
}
