const LOCATION = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.*[^/])$/;

/** The object that `s3://bucket/key` names; null for anything else, such as the path of a file. */
export function s3Location(place: string): { readonly bucket: string; readonly key: string } | null {
  const [, bucket, key] = LOCATION.exec(place) ?? [];
  return bucket === undefined || key === undefined ? null : { bucket, key };
}
