import type { CloudFront } from '../clients/aws.ts';
import { allPages } from '../clients/aws-pages.ts';
import type { Run } from '../kit/run.ts';

/** A VPC origin as plans name it: by its name, and where several share one, with the id behind it. */
export interface NamedVpcOrigin {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  /** Of the load balancer (or instance) behind it. */
  readonly target: string;
  readonly status: string;
}

/** What is owned of a VPC origin. */
export interface VpcOriginState {
  /** Of the load balancer. */
  readonly target: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly protocolPolicy: string;
  readonly sslProtocols: string[];
  /** The run that made it. */
  readonly run: string | null;
}

/** Every VPC origin of the account. */
export async function listVpcOrigins(cloudfront: CloudFront): Promise<NamedVpcOrigin[]> {
  const all = await allPages(async (Marker) => {
    const { VpcOriginList: list } = await cloudfront.listVpcOrigins({ Marker });
    return [list?.Items, list?.IsTruncated === true ? list.NextMarker : undefined];
  });
  const names = all.map(({ Name }) => Name);
  return all.map(({ Id = '', Arn = '', Name = '', OriginEndpointArn = '', Status = '' }) => ({
    id: Id,
    arn: Arn,
    name: names.filter((name) => name === Name).length > 1 ? `${Name} (${Id})` : Name,
    target: OriginEndpointArn,
    status: Status,
  }));
}

/** The endpoint of one VPC origin as it is; `run` is not read. */
export async function vpcOriginState(
  cloudfront: CloudFront,
  Id: string,
): Promise<{ readonly state: VpcOriginState; readonly etag: string }> {
  const { VpcOrigin, ETag = '' } = await cloudfront.getVpcOrigin({ Id });
  const config = VpcOrigin?.VpcOriginEndpointConfig;
  return {
    etag: ETag,
    state: {
      target: config?.Arn ?? '',
      httpPort: config?.HTTPPort ?? 80,
      httpsPort: config?.HTTPSPort ?? 443,
      protocolPolicy: config?.OriginProtocolPolicy ?? 'match-viewer',
      sslProtocols: [...(config?.OriginSslProtocols?.Items ?? [])].sort(),
      run: null,
    },
  };
}

/** The VPC origin that takes the place of another: its name tells whose it is and what it stands for. */
export function successorName(run: Pick<Run, 'id'>, { name }: Pick<NamedVpcOrigin, 'name'>): string {
  return `${prefixOf(run)}${name.replaceAll(/[^A-Za-z0-9_.-]+/g, '-')}`.replace(/-+$/, '');
}

export function isSuccessorOf(run: Pick<Run, 'id'>, name: string): boolean {
  return name.startsWith(prefixOf(run));
}

function prefixOf(run: Pick<Run, 'id'>): string {
  return `eks-dr-${run.id}-`;
}
