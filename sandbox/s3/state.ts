export interface S3Object {
  /** Base64. */
  body: string;
  /** MD5 in hexadecimal, without quotes. */
  etag: string;
  contentType: string;
  /** `x-amz-meta-*` headers, without that prefix. */
  metadata: Record<string, string>;
  lastModified: number;
}

export interface S3Bucket {
  region: string;
  /** By key. */
  objects: Record<string, S3Object>;
}

export interface S3State {
  /** By name. */
  buckets: Record<string, S3Bucket>;
}

/** No buckets. A world with a Terraform backend adds its bucket: `buckets['shop-terraform-state'] = { region, objects: {} }`. */
export function emptyS3(): S3State {
  return { buckets: {} };
}
