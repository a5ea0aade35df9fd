import { EKSClient } from '@aws-sdk/client-eks';
import { type KubernetesUser, userOf } from './access.ts';
import { askSts } from './caller.ts';
import { readToken } from './presigned.ts';

export interface Cluster {
  readonly cluster: string;
  readonly region: string;
}

export interface Aws {
  /** Where STS and EKS answer. */
  readonly url: string;
  /** May read the access entries of every cluster. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export type Review = { readonly user: KubernetesUser } | { readonly refused: string };

/** Whether a bearer token opens this cluster, and for whom; all of it is asked anew each time. */
export async function review(token: string, { cluster, region }: Cluster, aws: Aws, now = Date.now()): Promise<Review> {
  const presigned = readToken(token, region, now);
  if ('refused' in presigned) return presigned;
  const caller = await askSts(presigned.url, cluster, new URL(aws.url));
  if ('refused' in caller) return caller;
  const eks = new EKSClient({ region, endpoint: aws.url, credentials: aws.credentials, maxAttempts: 2 });
  try {
    const user = await userOf(caller, presigned.accessKeyId, cluster, eks);
    return user === null ? { refused: `${caller.arn} has no access entry in ${cluster}` } : { user };
  } finally {
    eks.destroy();
  }
}
