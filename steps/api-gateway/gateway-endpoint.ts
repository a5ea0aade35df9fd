/** Where an integration leads, in names: what API Gateway calls by a generated id is called by its name here. */
export interface GatewayEndpoint {
  /** An address, or, of a private integration of an HTTP API, the ARN of a listener. */
  readonly uri: string;
  /** The name of the VPC link; '' where the integration is public. */
  readonly connection: string;
  /** The listener or load balancer that a REST API reaches through a VPC link of the second version; else ''. */
  readonly target: string;
}

/** A VPC link as integrations go through it. */
export interface GatewayLink {
  readonly name: string;
  readonly id: string;
  /** The first version leads to one network load balancer, the second into a VPC. */
  readonly version: 1 | 2;
  /** ARNs; of the first version only. */
  readonly targets: readonly string[];
}

/** An endpoint in one line, for plans and people. */
export function endpointText({ uri, connection, target }: GatewayEndpoint): string {
  return `${uri}${connection === '' ? '' : ` through ${connection}`}${target === '' ? '' : ` to ${target}`}`;
}

export function sameEndpoint(a: GatewayEndpoint, b: GatewayEndpoint): boolean {
  return endpointText(a) === endpointText(b);
}
