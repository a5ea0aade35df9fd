export interface AliasTarget {
  HostedZoneId: string;
  DNSName: string;
  EvaluateTargetHealth: boolean;
}

/** A record set in the API's own words; names end with a dot and are escaped as Route 53 answers them. */
export interface RecordSet {
  Name: string;
  Type: string;
  SetIdentifier?: string;
  Weight?: number;
  Region?: string;
  Failover?: string;
  MultiValueAnswer?: boolean;
  GeoLocation?: Record<string, string>;
  GeoProximityLocation?: Record<string, unknown>;
  CidrRoutingConfig?: { CollectionId: string; LocationName: string };
  TTL?: number;
  ResourceRecords?: string[];
  AliasTarget?: AliasTarget;
  HealthCheckId?: string;
}

export interface HostedZone {
  /** Without `/hostedzone/`. */
  id: string;
  name: string;
  callerReference: string;
  comment: string;
  privateZone: boolean;
  vpcs: { VPCRegion: string; VPCId: string }[];
  nameServers: string[];
  tags: Record<string, string>;
  /** By `recordKey`: name, type and set identifier. */
  records: Record<string, RecordSet>;
  /** Sandbox time (ms) until which a batch is being worked on; the zone takes no other before. */
  busyUntil?: number;
}

/** In the API's own words. */
export interface HealthCheckConfig {
  Type: string;
  IPAddress?: string;
  Port: number;
  ResourcePath?: string;
  FullyQualifiedDomainName?: string;
  SearchString?: string;
  RequestInterval: number;
  FailureThreshold: number;
  MeasureLatency: boolean;
  Inverted: boolean;
  Disabled: boolean;
  EnableSNI: boolean;
}

export interface HealthCheck {
  id: string;
  callerReference: string;
  /** From 1, one more with every update. */
  version: number;
  config: HealthCheckConfig;
  tags: Record<string, string>;
}

export interface ZoneChange {
  id: string;
  zoneId: string;
  comment: string;
  submittedAt: number;
  /** Sandbox time (ms) from which GetChange says INSYNC. */
  insyncAt: number;
}

export interface TokenBucket {
  tokens: number;
  /** Sandbox time (ms) of the last refill. */
  at: number;
}

export interface Route53State {
  counter: number;
  /** By id. */
  zones: Record<string, HostedZone>;
  /** By id. */
  changes: Record<string, ZoneChange>;
  /** By id. */
  healthChecks: Record<string, HealthCheck>;
  /** The account's request quota. */
  bucket: TokenBucket | null;
}

export function emptyRoute53(): Route53State {
  return { counter: 0, zones: {}, changes: {}, healthChecks: {}, bucket: null };
}
