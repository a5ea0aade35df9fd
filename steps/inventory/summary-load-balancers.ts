import { describeKey } from '../endpoints/endpoint-map.ts';
import { normalisedHost } from '../endpoints/host-name.ts';
import type { Inventory } from './inventory.ts';

type Records = NonNullable<Inventory['records']>;

/** The load balancers of the primary, below each the records that lead to it; then the records that lead to others of its region. */
export function loadBalancerLines({ loadBalancers, records, primary }: Inventory): string[] {
  const leadingTo = (host: string) => (records ?? []).filter(({ target }) => target === host);
  const known = new Set(loadBalancers.map(({ dnsName }) => normalisedHost(dnsName)));
  const others = (records ?? []).filter(({ target }) => !known.has(target));
  const balancers = loadBalancers.flatMap((balancer) => [
    `  - ${describeKey(balancer)}${balancer.healthy ? '' : ', not healthy'}: ${normalisedHost(balancer.dnsName)}`,
    ...recordLines(leadingTo(normalisedHost(balancer.dnsName))),
  ]);
  return [
    ...(balancers.length === 0
      ? []
      : ['', `Load balancers (${loadBalancers.length})${records === null ? '; their records are not known' : ''}`, ...balancers]),
    ...(others.length === 0
      ? []
      : [
          '',
          `Records that lead to other load balancers in ${primary.region}`,
          ...others.map((record) => `  - ${recordText(record)} -> ${record.target}`),
        ]),
  ];
}

function recordLines(records: Records): string[] {
  return records.map((record) => `      ${recordText(record)}`);
}

function recordText({ name, type, set }: Records[number]): string {
  return `${name} ${type}${set === '' ? '' : ` (${set})`}`;
}
