import type { Origin } from '@aws-sdk/client-cloudfront';
import type { EndpointPair, LeftOut, Place } from '../endpoints/endpoint-map.ts';
import { inTheFormOf, normalisedHost } from '../endpoints/host-name.ts';
import { EksDrError } from '../kit/errors.ts';
import type { Distribution } from './distributions.ts';
import { unheardHosts } from './forwarded-host.ts';
import type { VpcOriginSuccessor } from './successors.ts';
import type { NamedVpcOrigin } from './vpc-origins.ts';

export interface OriginInputs {
  /** All load balancers of the primary. */
  readonly oldEndpoints: readonly Pick<Place, 'dnsName' | 'arn'>[];
  readonly pairs: readonly EndpointPair[];
  readonly leftOut: readonly LeftOut[];
  readonly vpcOrigins: readonly NamedVpcOrigin[];
  readonly successors: readonly VpcOriginSuccessor[];
}

export interface OriginSwitch {
  readonly id: { readonly distribution: string; readonly origin: string };
  readonly state: { readonly domainName: string; readonly vpcOrigin: string | null };
}

/** What is to be done in one distribution, or what stands in the way. */
export interface PlannedOrigins {
  readonly switches: readonly OriginSwitch[];
  /** For people: what stays as it is, and what the new load balancers can't answer as things are. */
  readonly remarks: readonly string[];
  readonly problems: readonly EksDrError[];
}

/** The origins of a distribution that lead to the primary, by whole host names or by the load balancer behind a VPC origin. */
export function planOrigins({ id, config }: Pick<Distribution, 'id' | 'config'>, inputs: OriginInputs): PlannedOrigins {
  const origins = config.Origins?.Items ?? [];
  const found = origins.map((origin) => leadOf(origin, inputs));
  const concerned = found.filter(({ old }) => old.length > 0);
  const switching = concerned.filter(({ old }) => old.every(({ successor }) => successor !== null));
  const leftAlone = concerned.flatMap(({ origin, old }) => {
    const reasons = old.flatMap(({ host, successor, reason }) => (successor === null && reason !== null ? [`${host}: ${reason}`] : []));
    return reasons.length === 0 ? [] : [`The origin ${origin.Id} of ${id} keeps leading to ${reasons.join('; ')}`];
  });
  const unmapped = concerned.flatMap(({ origin, old }) =>
    old.flatMap(({ host, successor, reason }) => (successor === null && reason === null ? [`${origin.Id} -> ${host}`] : [])),
  );
  return {
    switches: switching.map(({ origin, old }) => ({
      id: { distribution: id, origin: origin.Id ?? '' },
      state: led(origin, old, inputs),
    })),
    remarks: [
      ...leftAlone,
      ...strangers(id, found, inputs),
      ...unheardHosts(
        id,
        config,
        switching.map(({ origin }) => origin),
      ),
    ],
    problems: unmapped.length === 0 ? [] : [unmappedOrigins(id, unmapped)],
  };
}

/** One way by which an origin leads to a load balancer of the primary. */
interface OldWay {
  readonly by: 'domain-name' | 'vpc-origin';
  readonly host: string;
  readonly successor: EndpointPair | null;
  /** Why it is left out, or null. */
  readonly reason: string | null;
}

interface Lead {
  readonly origin: Origin;
  readonly old: readonly OldWay[];
}

function leadOf(origin: Origin, { oldEndpoints, pairs, leftOut, vpcOrigins }: OriginInputs): Lead {
  const host = normalisedHost(origin.DomainName ?? '');
  const target = vpcOrigins.find(({ id }) => id === origin.VpcOriginConfig?.VpcOriginId)?.target;
  const way = (by: OldWay['by'], dnsName: string): OldWay => {
    const old = normalisedHost(dnsName);
    return {
      by,
      host: old,
      successor: pairs.find((pair) => normalisedHost(pair.old.dnsName) === old) ?? null,
      reason: leftOut.find((endpoint) => normalisedHost(endpoint.dnsName) === old)?.reason ?? null,
    };
  };
  const behind = target === undefined || target === '' ? undefined : oldEndpoints.find(({ arn }) => arn === target);
  const named = oldEndpoints.find(({ dnsName }) => normalisedHost(dnsName) === host);
  // An archive of old knows no ARNs: what is behind the VPC origin of such a name can't be told.
  const untold = named?.arn === '' && origin.VpcOriginConfig !== undefined && behind === undefined;
  const unknown = {
    by: 'vpc-origin',
    host: `${host} by a VPC origin, and the inventory knows no ARNs`,
    successor: null,
    reason: null,
  } as const;
  return {
    origin,
    old: [
      ...(named === undefined ? [] : [way('domain-name', named.dnsName)]),
      ...(behind === undefined ? [] : [way('vpc-origin', behind.dnsName)]),
      ...(untold ? [unknown] : []),
    ],
  };
}

function led(origin: Origin, old: readonly OldWay[], { vpcOrigins, successors }: OriginInputs): OriginSwitch['state'] {
  const from = origin.DomainName ?? '';
  const named = old.find(({ by }) => by === 'domain-name')?.successor;
  const current = origin.VpcOriginConfig?.VpcOriginId;
  const successor = successors.find((one) => one.old.id === current);
  return {
    domainName: named == null ? from : inTheFormOf(from, named.new.dnsName),
    vpcOrigin: successor?.name ?? vpcOrigins.find(({ id }) => id === current)?.name ?? current ?? null,
  };
}

/** An archived inventory may be older than a load balancer: what leads to one that nobody knows is named. */
function strangers(id: string, found: readonly Lead[], { pairs }: OriginInputs): string[] {
  const ours = new Set(pairs.map((pair) => normalisedHost(pair.new.dnsName)));
  const unknown = found.filter(({ origin, old }) => {
    const host = normalisedHost(origin.DomainName ?? '');
    return old.length === 0 && !ours.has(host) && /\.elb\.([a-z0-9-]+\.)?amazonaws\.com(\.cn)?$/.test(host);
  });
  return unknown.map(
    ({ origin }) =>
      `The origin ${origin.Id} of ${id} leads to a load balancer that is neither of the primary's inventory nor of this run, and stays as it is: ${origin.DomainName}`,
  );
}

function unmappedOrigins(id: string, origins: readonly string[]): EksDrError {
  return new EksDrError('endpoint-unmapped', {
    message: `${origins.length} origins of the distribution ${id} lead to load balancers of the primary that have no successor: ${origins.join('; ')}. Nothing was changed.`,
    target: id,
  });
}
